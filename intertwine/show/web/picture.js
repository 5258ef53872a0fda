/* The matrix with its bias on a canvas of the size of its window, scrolled under its margins. */

const LEAST_ZOOM = 0.2;

class Picture {
  constructor(section, layer) {
    this.layer = layer;
    this.section = section;
    this.canvas = section.querySelector("canvas");
    this.window = section.querySelector(".window");
    this.extent = section.querySelector(".extent");
    this.context = this.canvas.getContext("2d");
    this.painter = new Painter(this.context);
    this.zoom = 1;
    this.lit = null;
    this.entry = null;
    this.travel = null;
    this.waiting = false;
    this.window.addEventListener("scroll", () => this.later());
    this.layOut();
  }

  get scroll() {
    return { x: this.window.scrollLeft, y: this.window.scrollTop };
  }

  /** Fit the window and the canvas to the space that there is. */
  layOut() {
    const beside = parseFloat(getComputedStyle(this.section).getPropertyValue("--beside"));
    const available = {
      width: this.section.clientWidth - beside,
      height: Math.max(300, Math.min(window.innerHeight * 0.69, 760)),
    };
    this.geometry = new Geometry(this.layer, this.context, available, this.zoom);
    const { content, view, tiny } = this.geometry;
    const seen = tiny ? "Under each pixel the weight of the fewest entries is seen." : "";
    this.section.querySelector(".overview").textContent = seen;
    const bar = content.width > view.width ? 16 : 0;
    const side = content.height > view.height && content.width <= view.width ? 16 : 0;
    sized(this.window, Math.min(view.width + side, available.width), view.height + bar);
    sized(this.extent, content.width, content.height);
    sized(this.canvas, view.width, view.height);
    this.paint();
  }

  zoomed(factor) {
    const { cell } = this.geometry;
    const most = LARGEST / Math.min(cell.width, cell.height);
    this.zoom = factor ? Math.max(LEAST_ZOOM, this.zoom * Math.min(most, factor)) : 1;
    this.layOut();
    if (this.entry) this.reveal(this.entry);
  }

  reveal(entry) {
    const { x, y } = this.geometry.revealed(entry, this.scroll);
    this.window.scrollTo({ left: x, top: y });
  }

  show(lit, entry) {
    this.lit = lit;
    this.entry = entry;
    this.later();
  }

  move(travel) {
    this.travel = travel;
    this.paint();
  }

  later() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.paint();
    });
  }

  paint() {
    const { canvas, context, geometry } = this;
    const scale = window.devicePixelRatio || 1;
    const size = [geometry.view.width, geometry.view.height].map((side) => Math.round(side * scale));
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, geometry.view.width, geometry.view.height);
    const frame = this.frame();
    this.entries(frame);
    const lines = new Frame(context, this.layer, geometry, frame);
    const { left, top, inner, biasLeft, bias } = geometry;
    lines.clipped(left, top, inner.width, inner.height, () => lines.inside());
    lines.clipped(biasLeft, top, bias, inner.height, () => lines.between(biasLeft, bias));
    lines.outline(left, top, inner.width, inner.height);
    lines.outline(biasLeft, top, bias, inner.height);
    lines.margins();
    if (this.entry && !this.travel) {
      const edge = this.entry.kind === "bias" ? geometry.view.width : left + inner.width + 3;
      lines.clipped(left - 3, top - 3, edge - left + 3, inner.height + 6, () => lines.ring(this.entry));
    }
  }

  /** What is painted now: the rows and columns in view, where they stand, and what is lit. */
  frame() {
    const { rows, columns } = this.geometry.range(this.scroll);
    const { travel } = this;
    const lines = (range, moved) => (moved ? travelling(range, moved, moved.time) : standing(range));
    return {
      rows: lines(rows, travel && travel.rows),
      columns: lines(columns, travel && travel.columns),
      lit: this.lit,
      entry: travel ? null : this.entry,
      scroll: this.scroll,
      theme: theme(this.canvas),
    };
  }

  entries(frame) {
    const { geometry, layer } = this;
    const { cell, left, top, inner, biasLeft, bias } = geometry;
    const y = (place) => geometry.y(place, frame.scroll);
    const x = (place) => geometry.x(place, frame.scroll);
    const weight = { kind: "weight", columns: frame.columns, cell, x, y };
    this.box(layer.weight, frame, weight, [left, top, inner.width, inner.height]);
    const column = [{ index: 0, place: 0, sign: 1 }];
    const side = { width: bias, height: cell.height };
    const beside = { kind: "bias", columns: column, cell: side, x: (place) => biasLeft + place * bias, y };
    this.box(layer.bias, frame, beside, [biasLeft, top, bias, inner.height]);
  }

  box(tiling, frame, box, clip) {
    const { context, painter, geometry, layer } = this;
    context.save();
    context.beginPath();
    context.rect(...clip);
    context.clip();
    const roomy = box.cell.width >= 22 && box.cell.height >= 16;
    box.numbered = layer.numbered && roomy;
    box.clip = clip;
    if (geometry.tiny) painter.overview(tiling, box.kind, frame, box);
    else if (geometry.marked) painter.cells(tiling, box.kind, frame, box);
    else painter.image(tiling, box.kind, frame, box);
    if (box.numbered) painter.numbers(tiling, frame, box);
    context.restore();
  }

  entryAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const entry = this.geometry.entryAt(x, y, this.scroll);
    return entry && this.geometry.tiny && entry.kind === "weight" ? this.seen(entry, x, y) : entry;
  }

  /** Of the entries under a pixel, the one that is seen; the given one where none begins in it. */
  seen(entry, x, y) {
    const { weight } = this.layer;
    const { rows, columns } = this.geometry.under(x, y, this.scroll);
    const found = { entry, size: Infinity };
    for (let row = rows[0]; row < rows[1]; row += 1) {
      for (let column = columns[0]; column < columns[1]; column += 1) {
        const size = weight.sizes[Math.abs(weight.code(row, column)) - 1] ?? Infinity;
        if (size < found.size) Object.assign(found, { entry: { kind: "weight", row, column }, size });
      }
    }
    return found.entry;
  }
}

function sized(element, width, height) {
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}
