/* The frame of the matrix: outlines of parts, lines of axes, names in the margins. */

const THICK = 1.5;
const CLOSEST_LINES = 12;
const DIMMED = 0.4;
const AXIS_LINES = [0.5, 0.25, 0.15];

/** Where the lines of a side are: its parts' ends, and the steps of outer axes within them. */
function linesOf(side, cell) {
  const lines = [];
  for (const { start, stop, shape } of side.parts) {
    if (start) lines.push({ place: start, weight: 1 });
    let step = stop - start;
    shape.slice(0, -1).forEach((length, level) => {
      step /= length;
      if (length < 2 || step < 2 || step * cell < CLOSEST_LINES) return;
      for (let place = start + step; place < stop; place += step) {
        lines.push({ place, weight: AXIS_LINES[level] ?? AXIS_LINES.at(-1) });
      }
    });
  }
  return lines;
}

/** A text that fits a width, its end left off where it is too long. */
function shortened(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  for (let length = text.length - 1; length > 1; length -= 1) {
    const cut = `${text.slice(0, length)}\u2026`;
    if (context.measureText(cut).width <= width) return cut;
  }
  return "";
}

class Frame {
  constructor(context, layer, geometry, frame) {
    Object.assign(this, { context, layer, geometry, frame });
  }

  clipped(x, y, width, height, draw) {
    this.context.save();
    this.context.beginPath();
    this.context.rect(x, y, width, height);
    this.context.clip();
    draw();
    this.context.restore();
  }

  line(x, y, width, height, weight) {
    this.context.globalAlpha = this.frame.lit && weight < 1 ? weight * DIMMED : weight;
    this.context.fillStyle = this.frame.theme.ink;
    this.context.fillRect(x, y, width, height);
    this.context.globalAlpha = 1;
  }

  /** Lines between rows, so far from the left. */
  between(left, width) {
    const { geometry, frame, layer } = this;
    for (const { place, weight } of linesOf(layer.rows, geometry.cell.height)) {
      const [y, thick] = [geometry.y(place, frame.scroll), weight === 1 ? THICK : 1];
      this.line(left, y - thick / 2 - 0.5, width, thick, weight);
    }
  }

  /** Lines between rows and between columns of the matrix. */
  inside() {
    const { geometry, frame, layer } = this;
    const { left, top, inner, cell } = geometry;
    this.between(left, inner.width);
    for (const { place, weight } of linesOf(layer.columns, cell.width)) {
      const [x, thick] = [geometry.x(place, frame.scroll), weight === 1 ? THICK : 1];
      this.line(x - thick / 2 - 0.5, top, thick, inner.height, weight);
    }
  }

  outline(x, y, width, height) {
    this.context.strokeStyle = this.frame.theme.ink;
    this.context.lineWidth = THICK;
    this.context.strokeRect(x - 1, y - 1, width + 2, height + 2);
  }

  ring({ kind, row, column }) {
    const { geometry, frame, context } = this;
    const weight = kind === "weight";
    const x = weight ? geometry.x(column, frame.scroll) : geometry.biasLeft;
    const width = weight ? geometry.cell.width : geometry.bias;
    const box = [x - 1, geometry.y(row, frame.scroll) - 1, width + 1, geometry.cell.height + 1];
    for (const [thick, colour] of [[5, frame.theme.ground], [2.5, frame.theme.ring]]) {
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.strokeRect(...box);
    }
  }

  margins() {
    const { geometry } = this;
    const { left, top, inner } = geometry;
    this.clipped(0, top, left - 2, inner.height, () => this.rowMargin());
    this.clipped(left, 0, inner.width, top - 2, () => this.columnMargin());
    this.font(SMALL_FONT, this.frame.theme.muted);
    this.context.textAlign = "center";
    const centre = geometry.biasLeft + geometry.bias / 2;
    this.context.fillText("bias", Math.min(centre, geometry.view.width - 12), top - 9);
  }

  font(size, colour, weight = "") {
    this.context.font = `${weight} ${size}px ${this.frame.theme.font}`;
    this.context.fillStyle = colour;
    this.context.textBaseline = "middle";
  }

  label(text, x, y, chosen, turned) {
    const { context, frame } = this;
    this.font(SMALL_FONT, chosen ? frame.theme.ink : frame.theme.muted, chosen ? "bold" : "");
    context.save();
    context.translate(x, y);
    if (turned) context.rotate(-Math.PI / 2);
    context.fillText(text, 0, 0);
    context.restore();
  }

  rowMargin() {
    const { geometry, frame, layer, context } = this;
    const at = frame.entry ? frame.entry.row : -1;
    const middle = (place) => geometry.y(place + 0.5, frame.scroll);
    context.textAlign = "right";
    for (const { index, place } of geometry.labelled.rows ? frame.rows : []) {
      this.label(layer.rows.label(index), geometry.left - 6, middle(place), index === at, false);
    }
    if (!geometry.labelled.rows && at >= 0) this.marker(geometry.left - 3, middle(at), 0);
    context.textAlign = "center";
    this.names(layer.rows, geometry.cell.height, (place) => [7, geometry.y(place, frame.scroll)], true);
  }

  columnMargin() {
    const { geometry, frame, layer, context } = this;
    const at = frame.entry && frame.entry.kind === "weight" ? frame.entry.column : -1;
    const middle = (place) => geometry.x(place + 0.5, frame.scroll);
    context.textAlign = geometry.turned ? "left" : "center";
    const y = geometry.top - (geometry.turned ? 5 : 9);
    for (const { index, place } of geometry.labelled.columns ? frame.columns : []) {
      this.label(layer.columns.label(index), middle(place), y, index === at, geometry.turned);
    }
    if (!geometry.labelled.columns && at >= 0) this.marker(middle(at), geometry.top - 3, Math.PI / 2);
    context.textAlign = "center";
    this.names(layer.columns, geometry.cell.width, (p) => [geometry.x(p, frame.scroll), 8], false);
  }

  names(side, cell, where, turned) {
    const { context, frame } = this;
    if (!side.named) return;
    for (const { name, start, stop } of side.parts) {
      this.font(FONT, frame.theme.ink);
      const [x, y] = where((start + stop) / 2);
      context.save();
      context.translate(x, y);
      if (turned) context.rotate(-Math.PI / 2);
      context.fillText(shortened(context, name, (stop - start) * cell - 4), 0, 0);
      context.restore();
    }
  }

  /** A small triangle that points at the row or column of the entry. */
  marker(x, y, turn) {
    const { context, frame } = this;
    context.save();
    context.translate(x, y);
    context.rotate(turn);
    context.fillStyle = frame.theme.ink;
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(-6, -4);
    context.lineTo(-6, 4);
    context.fill();
    context.restore();
  }
}
