/* The generators as buttons, each of which moves the picture. */

class Generators {
  constructor(section, layer, picture) {
    this.layer = layer;
    this.picture = picture;
    this.status = section.querySelector(".status");
    this.travel = null;
    const box = section.querySelector(".generators .buttons");
    box.append(...layer.motions.map((motion) => this.button(motion)));
    if (!layer.motions.length) {
      const none = "None that moves the matrix.";
      box.append(made("p", { className: "note", textContent: none }));
    }
  }

  button(motion) {
    const button = made("button", { type: "button", className: "generator" }, [
      made("span", { className: "name", textContent: motion.name }),
      ...this.cycles(motion).map((line) => made("span", { className: "cycles", textContent: line })),
    ]);
    button.addEventListener("click", () => this.play(motion));
    return button;
  }

  cycles({ rows, columns }) {
    const said = (moved) => (moved ? moved.cycles : "acts by a matrix");
    if (said(rows) === said(columns)) return [`rows and columns: ${said(rows)}`];
    return [`rows: ${said(rows)}`, `columns: ${said(columns)}`];
  }

  play(motion) {
    if (this.travel) this.travel.stop();
    this.travel = null;
    if (!motion.rows || !motion.columns) {
      this.say(this.mixing(motion));
      return;
    }
    this.travel = new Travel(motion, (state) => this.picture.move(state), (text) => this.say(text));
    this.travel.run(() => this.ending(motion));
  }

  mixing({ name, rows, columns }) {
    const mixed = [rows ? "" : "rows", columns ? "" : "columns"].filter(Boolean).join(" and ");
    return (
      `${name} acts by matrices: ${mixed} turn into sums of one another, so no entry travels ` +
      "to another. \u03c1(g) T \u03c1(g)\u207b\u00b9 = T holds for the sums."
    );
  }

  ending({ name, rows, columns }) {
    const { layer } = this;
    const beside = { images: [0], signs: [1] };
    const count = changed(layer.weight, rows, columns) + changed(layer.bias, rows, beside);
    if (count) return `${name}: ${count} entries differ.`;
    const all = layer.weight.codes.length;
    const agreed = all === 1 ? "the entry agrees" : `all ${all} entries agree`;
    return `${name}: \u03c1(g) T \u03c1(g)\u207b\u00b9 = T: unchanged, ${agreed}.`;
  }

  say(text) {
    this.status.textContent = text;
  }
}
