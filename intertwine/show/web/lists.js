/* The tiles as buttons: one stop of the Tab key, arrows between them. */

class TileList {
  constructor(section, layer, { preview, hold }) {
    this.layer = layer;
    this.box = section.querySelector(".list");
    this.actions = { preview, hold };
    this.buttons = [];
    this.group("weight", "");
    this.group("bias", "Bias");
    if (this.buttons.length) this.buttons[0].tabIndex = 0;
    else this.box.append(made("p", { className: "note", textContent: "None: only zero is equivariant." }));
    this.box.addEventListener("keydown", (event) => this.key(event));
  }

  group(kind, title) {
    const tiling = this.layer[kind];
    const count = Math.min(tiling.count, this.layer.mostListed);
    if (!count) return;
    if (title) this.box.append(made("h4", { textContent: title }));
    const list = made("ul");
    for (let tile = 0; tile < count; tile += 1) list.append(made("li", {}, [this.button(kind, tile)]));
    this.box.append(list);
    if (count < tiling.count) {
      const note = `The first ${count} of ${tiling.count}.`;
      this.box.append(made("p", { className: "note", textContent: note }));
    }
  }

  button(kind, tile) {
    const tiling = this.layer[kind];
    const size = made("span", { className: "size", textContent: `\u00d7${tiling.sizes[tile]}` });
    const meaning = made("span", { className: "meaning", textContent: tiling.meaning(tile) });
    const parts = [swatch(tiling, tile), nameOf(tiling, tile), " ", meaning, " ", size];
    const button = made("button", { type: "button", className: "tile", tabIndex: -1 }, parts);
    button.setAttribute("aria-pressed", "false");
    const choice = () => {
      const [row, column] = tiling.first(tile);
      return { kind, tile, row, column, sign: 1 };
    };
    button.addEventListener("pointerenter", () => this.actions.preview(choice()));
    button.addEventListener("pointerleave", () => this.actions.preview(null));
    button.addEventListener("focus", () => this.actions.preview(choice()));
    button.addEventListener("blur", () => this.actions.preview(null));
    button.addEventListener("click", () => this.actions.hold(choice()));
    Object.assign(button.dataset, { kind, tile });
    this.buttons.push(button);
    return button;
  }

  key(event) {
    const at = this.buttons.indexOf(document.activeElement);
    const last = this.buttons.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    this.visit(this.buttons[Math.max(0, Math.min(last, to))]);
  }

  visit(button) {
    for (const other of this.buttons) other.tabIndex = other === button ? 0 : -1;
    button.focus();
  }

  mark(choice, held) {
    for (const button of this.buttons) {
      const { kind, tile } = button.dataset;
      const mine = Boolean(choice) && choice.kind === kind && choice.tile === Number(tile);
      button.classList.toggle("lit", mine);
      button.setAttribute("aria-pressed", String(mine && held));
    }
  }
}
