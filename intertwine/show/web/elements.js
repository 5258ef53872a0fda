/* The basis elements as small multiples, drawn when they are asked for. */

const THUMBNAIL = 144;

class Elements {
  constructor(section, layer) {
    this.layer = layer;
    this.box = section.querySelector(".multiples");
    const details = section.querySelector("details.elements");
    const note = details.querySelector(".note");
    this.count = Math.min(layer.dimension, layer.mostElements);
    const few = this.count < layer.dimension ? `The first ${this.count} of ${layer.dimension}. ` : "";
    const kind = layer.exact
      ? "Each is 1 at the entries of one weight, and -1, paler, at those with a minus."
      : "The stronger the larger; blue is positive and orange negative.";
    note.textContent = layer.dimension ? `${few}${kind}` : "None: the space is zero.";
    details.addEventListener("toggle", () => {
      if (details.open && !this.box.children.length) this.draw();
    });
  }

  draw() {
    const { rows, columns } = this.layer;
    const step = Math.max(1, Math.ceil(Math.max(rows.size, columns.size) / THUMBNAIL));
    this.step = step;
    const width = Math.ceil(columns.size / step);
    const height = Math.ceil(rows.size / step);
    const pictures = Array.from({ length: this.count }, () => new ImageData(width, height));
    this.fill(pictures, width);
    this.box.append(...pictures.map((picture, element) => this.figure(picture, element)));
  }

  /** One pass over the entries: each colours its pixel of every element that it is in. */
  fill(pictures, width) {
    const { rows, columns, weight } = this.layer;
    const shades = this.shades();
    for (let row = 0; row < rows.size; row += 1) {
      const line = Math.floor(row / this.step) * width;
      for (let column = 0; column < columns.size; column += 1) {
        const code = weight.code(row, column);
        if (!code) continue;
        const at = 4 * (line + Math.floor(column / this.step));
        for (const [element, plus, minus] of shades[Math.abs(code) - 1]) {
          const { data } = pictures[element];
          const shade = code > 0 ? plus : minus;
          if (shade[3] > data[at + 3]) data.set(shade, at);
        }
      }
    }
  }

  /** Of every tile: the elements that it is in, and their colours where its sign is + and -. */
  shades() {
    const { exact, weight, terms } = this.layer;
    if (exact) return Array.from({ length: weight.count }, (_, tile) => this.own(tile));
    const largest = new Array(this.count).fill(0);
    for (const [element, value] of terms.flat()) {
      largest[element] = Math.max(largest[element], Math.abs(value));
    }
    const [plus, minus] = this.layer.colours.slice(0, 2).map(({ ground }) => channels(ground));
    return terms.map((found) =>
      found.map(([element, value]) => {
        const alpha = Math.round(40 + (215 * Math.abs(value)) / largest[element]);
        const pair = [[...plus, alpha], [...minus, alpha]];
        return value > 0 ? [element, ...pair] : [element, ...pair.reverse()];
      }),
    );
  }

  own(tile) {
    if (tile >= this.count) return [];
    const colour = channels(this.layer.weight.colour(tile).ground);
    return [[tile, [...colour, 255], [...colour, 255 * PALER]]];
  }

  figure(picture, element) {
    const canvas = made("canvas", { width: picture.width, height: picture.height });
    const label = `Basis element ${element}`;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    canvas.getContext("2d").putImageData(picture, 0, 0);
    const scale = Math.max(1, Math.floor(THUMBNAIL / Math.max(picture.width, picture.height)));
    sized(canvas, picture.width * scale, picture.height * scale);
    const words = this.layer.exact ? ` ${this.layer.weight.meaning(element)}` : "";
    const name = made("span", { className: "name" }, ["w", made("sub", { textContent: element })]);
    const caption = made("figcaption", {}, [name, words]);
    return made("figure", {}, [canvas, caption]);
  }
}
