/* Where everything stands: margins, the size of an entry, and which entry is under a point. */

const LARGEST = 64;
const WIDEST_BIAS = 40;
const THINNEST = 40;
const READABLE = 12;
const CELLS = 6;
const GAP = 16;
const SMALL_FONT = 10;
const FONT = 12;

/** The size of an entry that fits a space. */
function fitting(rows, columns, width, height) {
  const size = Math.min(LARGEST, width / columns, height / rows);
  return {
    width: snapped(Math.max(size, Math.min(THINNEST / columns, width / columns))),
    height: snapped(Math.max(size, Math.min(THINNEST / rows, height / rows))),
  };
}

/** Whole pixels of the screen, but for entries that are smaller than one. */
function snapped(size) {
  const scale = window.devicePixelRatio || 1;
  return size * scale < 1 ? size : Math.floor(size * scale) / scale;
}

/** The widest of the labels of a side, in pixels. */
function widest(side, context) {
  const ends = side.parts.map((part) => context.measureText(side.label(part.stop - 1)).width);
  return Math.ceil(Math.max(...ends));
}

class Geometry {
  constructor(layer, context, available, zoom) {
    this.layer = layer;
    context.font = `${SMALL_FONT}px ${theme(context.canvas).font}`;
    this.text = { rows: widest(layer.rows, context), columns: widest(layer.columns, context) };
    this.labelled = { rows: true, columns: true };
    this.turned = false;
    this.place(available, zoom);
    this.labelled.rows = this.cell.height >= READABLE;
    this.labelled.columns = this.cell.width >= READABLE;
    this.turned = this.text.columns + 3 > this.cell.width;
    this.place(available, zoom);
  }

  place(available, zoom) {
    const { rows, columns } = this.layer;
    const names = (side) => (side.named ? FONT + 6 : 0);
    const tall = (this.turned ? this.text.columns : SMALL_FONT) + 8;
    this.left = names(rows) + (this.labelled.rows ? this.text.rows + 10 : 10);
    this.top = names(columns) + (this.labelled.columns ? tall : 14) + 2;
    this.right = GAP + WIDEST_BIAS;
    const width = available.width - this.left - this.right - 2;
    const cell = fitting(rows.size, columns.size, width, available.height - this.top - 2);
    this.cell = {
      width: snapped(Math.min(LARGEST, cell.width * zoom)),
      height: snapped(Math.min(LARGEST, cell.height * zoom)),
    };
    this.bias = Math.max(8, Math.min(WIDEST_BIAS, this.cell.width));
    this.right = GAP + this.bias + 2;
    this.measure(available);
  }

  measure(available) {
    const { rows, columns } = this.layer;
    this.content = {
      width: this.left + columns.size * this.cell.width + this.right,
      height: this.top + rows.size * this.cell.height + 2,
    };
    this.view = {
      width: Math.min(this.content.width, available.width),
      height: Math.min(this.content.height, available.height),
    };
    this.inner = {
      width: this.view.width - this.left - this.right,
      height: this.view.height - this.top - 2,
    };
    this.biasLeft = this.view.width - this.bias - 2;
    this.marked = Math.min(this.cell.width, this.cell.height) >= CELLS;
  }

  x(place, scroll) {
    return this.left + place * this.cell.width - scroll.x;
  }

  y(place, scroll) {
    return this.top + place * this.cell.height - scroll.y;
  }

  /** The first row and column in view, and one past the last. */
  range(scroll) {
    const { rows, columns } = this.layer;
    const span = (from, length, cell, size) => [
      Math.max(0, Math.floor(from / cell)),
      Math.min(size, Math.ceil((from + length) / cell)),
    ];
    return {
      rows: span(scroll.y, this.inner.height, this.cell.height, rows.size),
      columns: span(scroll.x, this.inner.width, this.cell.width, columns.size),
    };
  }

  /** The entry under a point of the canvas, or null. */
  entryAt(x, y, scroll) {
    const { rows, columns } = this.layer;
    const row = Math.floor((y - this.top + scroll.y) / this.cell.height);
    if (y < this.top || row < 0 || row >= rows.size) return null;
    if (x >= this.biasLeft && x < this.biasLeft + this.bias) return { kind: "bias", row, column: 0 };
    const column = Math.floor((x - this.left + scroll.x) / this.cell.width);
    const inside = x >= this.left && x < this.left + this.inner.width;
    return inside && column >= 0 && column < columns.size ? { kind: "weight", row, column } : null;
  }

  get tiny() {
    return Math.min(this.cell.width, this.cell.height) * (window.devicePixelRatio || 1) < 1;
  }

  /** The entries under a pixel: the first row and column, and one past the last. */
  under(x, y, scroll) {
    const scale = window.devicePixelRatio || 1;
    const span = (from, cell, size) => {
      const pixel = Math.floor(from * scale);
      const first = (at) => Math.min(size, Math.ceil((at - 1e-6) / (cell * scale)));
      return [first(pixel), first(pixel + 1)];
    };
    const { rows, columns } = this.layer;
    return {
      rows: span(y - this.top + scroll.y, this.cell.height, rows.size),
      columns: span(x - this.left + scroll.x, this.cell.width, columns.size),
    };
  }

  /** How far to scroll so that an entry is in view. */
  revealed({ kind, row, column }, scroll) {
    const along = (place, cell, length, from) =>
      Math.min(place * cell, Math.max(from, (place + 1) * cell - length));
    return {
      x: kind === "bias" ? scroll.x : along(column, this.cell.width, this.inner.width, scroll.x),
      y: along(row, this.cell.height, this.inner.height, scroll.y),
    };
  }
}
