/* What is said of an entry: its weight, meaning, sign, points and size. */

function made(name, properties = {}, children = []) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** The name of a tile, its number lowered: w with index 3. */
function nameOf(tiling, tile) {
  if (tile < 0) return made("span", { className: "name", textContent: "0" });
  return made("span", { className: "name" }, [tiling.symbol, made("sub", { textContent: tile })]);
}

function swatch(tiling, tile) {
  const square = made("span", { className: "swatch", ariaHidden: "true" });
  if (tile >= 0) square.style.backgroundColor = tiling.colour(tile).ground;
  return square;
}

function counted(size, all) {
  const share = (100 * size) / all;
  const percent = share >= 0.1 ? share.toFixed(1) : "less than 0.1";
  const [some, total] = [size, all].map((number) => number.toLocaleString("en"));
  return `${some} of ${total} ${all === 1 ? "entry" : "entries"} (${percent}\u00a0%)`;
}

class Card {
  constructor(section, layer) {
    this.layer = layer;
    this.element = section.querySelector(".card");
    this.spoken = section.querySelector(".spoken");
    this.show(null, false);
  }

  show(choice, held) {
    const { layer, element } = this;
    element.classList.toggle("held", held);
    if (!choice) {
      const hint = "Point at an entry of the matrix: its weight, what it means and who shares it stand here.";
      element.replaceChildren(
        made("h3", {}, ["Entry"]),
        made("p", { className: "hint", textContent: hint }),
        this.words(),
      );
      return;
    }
    const tiling = layer[choice.kind];
    const title = made("h3", {}, [swatch(tiling, choice.tile), nameOf(tiling, choice.tile)]);
    if (held) title.append(made("span", { className: "chip", textContent: "held" }));
    element.replaceChildren(
      title,
      made("p", { className: "meaning", textContent: this.meaning(choice) }),
      made("dl", {}, this.rows(choice)),
      this.words(),
    );
  }

  /** What the words of meanings say. */
  words() {
    const lines = this.layer.words.map((textContent) => made("p", { textContent }));
    return made("div", { className: "words" }, lines);
  }

  meaning({ kind, tile }) {
    if (tile < 0) return "Every equivariant map is zero here.";
    return this.layer[kind].meaning(tile) || `number ${tile} of ${this.layer[kind].count}`;
  }

  rows(choice) {
    const { layer } = this;
    const tiling = layer[choice.kind];
    const zeros = tiling.codes.length - tiling.sizes.reduce((sum, size) => sum + size, 0);
    const size = choice.tile < 0 ? zeros : tiling.sizes[choice.tile];
    const facts = [
      ["output", layer.rows.point(choice.row)],
      ["input", choice.kind === "bias" ? "none: a bias" : layer.columns.point(choice.column)],
      ["sign", { 1: "plus", "-1": "minus", 0: "none" }[choice.sign]],
      ["shared by", counted(size, tiling.codes.length)],
    ];
    return facts.map(([term, said]) =>
      made("div", {}, [made("dt", { textContent: term }), made("dd", { textContent: said })]),
    );
  }

  /** One sentence for those who listen. */
  say(choice, held) {
    const { layer } = this;
    const tiling = layer[choice.kind];
    const minus = choice.sign < 0 ? "minus " : "";
    const name = choice.tile < 0 ? "zero" : `${minus}${tiling.symbol}${choice.tile}`;
    const input = choice.kind === "bias" ? "bias" : `input ${layer.columns.point(choice.column)}`;
    const size = choice.tile < 0 ? "" : ` ${tiling.sizes[choice.tile]} entries.`;
    const place = `Output ${layer.rows.point(choice.row)}, ${input}.`;
    const end = held ? " Held." : "";
    this.spoken.textContent = `${place} ${name}: ${this.meaning(choice)}.${size}${end}`;
  }
}
