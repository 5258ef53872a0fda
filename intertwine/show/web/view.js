/* A layer on the page: which entry is looked at, by pointer, keys or list, and who shows it. */

const PAGE = 10;

class View {
  constructor(section) {
    const data = section.querySelector("script[type='application/json']");
    this.layer = new Layer(JSON.parse(data.textContent));
    this.section = section;
    this.held = null;
    this.preview = null;
    this.cursor = { kind: "weight", row: 0, column: 0 };
    this.picture = new Picture(section, this.layer);
    this.card = new Card(section, this.layer);
    this.generators = new Generators(section, this.layer, this.picture);
    this.elements = new Elements(section, this.layer);
    this.list = new TileList(section, this.layer, {
      preview: (choice) => this.look(choice),
      hold: (choice) => this.hold(choice),
    });
    this.listen();
  }

  listen() {
    const { canvas } = this.picture;
    canvas.addEventListener("pointermove", (event) => this.look(this.under(event)));
    canvas.addEventListener("pointerleave", () => this.look(null));
    canvas.addEventListener("click", (event) => this.hold(this.under(event)));
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => {
      if (canvas.matches(":focus-visible")) this.visit(this.cursor);
    });
    canvas.addEventListener("blur", () => this.look(null));
    this.section.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.hold(null);
    });
    const factors = { in: 1.5, out: 1 / 1.5, fit: 0 };
    for (const button of this.section.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.picture.zoomed(factors[button.dataset.zoom]));
    }
  }

  /** An entry with its tile and sign. */
  chosen(entry) {
    if (!entry) return null;
    const code = this.layer[entry.kind].code(entry.row, entry.column);
    return { ...entry, tile: Math.abs(code) - 1, sign: Math.sign(code) };
  }

  under(event) {
    return this.chosen(this.picture.entryAt(event));
  }

  look(choice) {
    this.preview = choice;
    this.show();
  }

  /** Hold an orbital, or let go of it where it is held already. */
  hold(choice) {
    this.held = choice && alike(choice, this.held) ? null : choice;
    if (choice) {
      this.cursor = { kind: choice.kind, row: choice.row, column: choice.column };
      this.picture.reveal(choice);
    }
    this.show();
  }

  show() {
    const choice = this.held ?? this.preview;
    const held = Boolean(this.held);
    if (alike(choice, this.shown) && held === this.shownHeld) return;
    this.shown = choice;
    this.shownHeld = held;
    this.picture.show(choice && { kind: choice.kind, tile: choice.tile }, choice);
    this.card.show(choice, held);
    this.list.mark(choice, held);
    if (choice) this.card.say(choice, held);
  }

  visit(entry) {
    this.cursor = entry;
    this.picture.reveal(entry);
    this.look(this.chosen(entry));
  }

  key(event) {
    const zooms = { "+": 1.5, "=": 1.5, "-": 1 / 1.5, 0: 0 };
    if (event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") this.hold(this.chosen(this.cursor));
    else if (event.key in zooms && !event.ctrlKey) this.picture.zoomed(zooms[event.key]);
    else if (!this.step(event)) return;
    event.preventDefault();
  }

  /** Move the cursor; one past the last column is the bias. */
  step({ key, ctrlKey }) {
    const [height, width] = [this.layer.rows.size, this.layer.columns.size];
    const row = this.cursor.row;
    const column = this.cursor.kind === "bias" ? width : this.cursor.column;
    const to = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      PageUp: [row - PAGE, column],
      PageDown: [row + PAGE, column],
      Home: [ctrlKey ? 0 : row, 0],
      End: ctrlKey ? [height - 1, width - 1] : [row, width - 1],
    }[key];
    if (!to) return false;
    const within = (place, size) => Math.max(0, Math.min(size - 1, place));
    const [down, along] = [within(to[0], height), within(to[1], width + 1)];
    const bias = along === width;
    if (this.held) this.held = null;
    this.visit({ kind: bias ? "bias" : "weight", row: down, column: bias ? 0 : along });
    return true;
  }
}

function alike(one, other) {
  if (!one || !other) return !one && !other;
  return one.kind === other.kind && one.row === other.row && one.column === other.column;
}

const views = [...document.querySelectorAll("section.drawing")].map((section) => new View(section));

document.documentElement.classList.add("ready");
new ResizeObserver(() => views.forEach(({ picture }) => picture.layOut())).observe(document.body);
window
  .matchMedia("(prefers-color-scheme: dark)")
  .addEventListener("change", () => views.forEach(({ picture }) => picture.later()));
