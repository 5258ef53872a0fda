/* Painting entries: one by one where they are large, as an image where they are small. */

/** A row or column as it is shown: its number, where it stands, and its sign. */
function standing([from, to]) {
  const lines = [];
  for (let index = from; index < to; index += 1) lines.push({ index, place: index, sign: 1 });
  return lines;
}

class Painter {
  constructor(context) {
    this.context = context;
    this.scratch = document.createElement("canvas").getContext("2d");
  }

  /** Entries large enough for marks: a rectangle each. */
  cells(tiling, kind, frame, box) {
    const { context } = this;
    const { width, height } = box.cell;
    for (const row of frame.rows) {
      for (const column of box.columns) {
        const code = tiling.code(row.index, column.index) * row.sign * column.sign;
        const x = box.x(column.place);
        const y = box.y(row.place);
        context.globalAlpha = opacity(frame.lit, kind, code);
        this.ground(code ? tiling.colour(Math.abs(code) - 1).ground : frame.theme.ground, x, y, box);
        if (code < 0 && !box.numbered) this.minus(tiling, code, x, y, width, height);
        if (!code) this.dot(frame, x + width / 2, y + height / 2, Math.min(width, height));
      }
    }
    context.globalAlpha = 1;
  }

  ground(colour, x, y, { cell }) {
    this.context.fillStyle = colour;
    this.context.fillRect(x, y, cell.width - 1, cell.height - 1);
  }

  minus(tiling, code, x, y, width, height) {
    const { context } = this;
    const [long, thick] = [Math.round(width * 0.42), Math.max(1.5, Math.min(width, height) * 0.1)];
    context.fillStyle = tiling.colour(-code - 1).ink;
    context.fillRect(x + (width - 1 - long) / 2, y + (height - 1 - thick) / 2, long, thick);
  }

  dot(frame, x, y, size) {
    const { context } = this;
    context.fillStyle = frame.theme.muted;
    context.beginPath();
    context.arc(x - 0.5, y - 0.5, Math.max(0.7, size * 0.06), 0, 2 * Math.PI);
    context.fill();
  }

  /** The number of its tile, with its sign, in every entry: there are more tiles than colours. */
  numbers(tiling, frame, box) {
    const { context } = this;
    context.font = `${SMALL_FONT}px ${frame.theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const row of frame.rows) {
      for (const column of box.columns) {
        const code = tiling.code(row.index, column.index) * row.sign * column.sign;
        if (!code) continue;
        const tile = Math.abs(code) - 1;
        context.fillStyle = tiling.colour(tile).ink;
        context.globalAlpha = opacity(frame.lit, box.kind, code);
        const x = box.x(column.place) + box.cell.width / 2;
        const text = `${code < 0 ? "\u2212" : ""}${tile}`;
        context.fillText(text, x, box.y(row.place) + box.cell.height / 2);
      }
    }
    context.globalAlpha = 1;
  }

  /** Small entries: a pixel each of an image that is stretched, strip after strip while some move. */
  image(tiling, kind, frame, box) {
    const { context, scratch } = this;
    const rows = byPlace(frame.rows);
    const columns = byPlace(box.columns);
    if (!rows.length || !columns.length) return;
    const table = colourTable(tiling, kind, frame.lit);
    const picture = new ImageData(columns.length, rows.length);
    const words = new Uint32Array(picture.data.buffer);
    let at = 0;
    for (const row of rows) {
      for (const column of columns) {
        const code = tiling.code(row.index, column.index) * row.sign * column.sign;
        words[at] = table[tiling.count + code];
        at += 1;
      }
    }
    this.room(columns.length, rows.length);
    scratch.putImageData(picture, 0, 0);
    context.imageSmoothingEnabled = false;
    this.strips(rows, columns, box);
  }

  /** Entries smaller than a pixel: of those under one, the one shared by the fewest is seen. */
  overview(tiling, kind, frame, box) {
    const scale = window.devicePixelRatio || 1;
    const [left, top, width, height] = box.clip.map((side) => Math.round(side * scale));
    const across = pixels(box.columns, box.x, scale, left, width);
    const down = pixels(frame.rows, box.y, scale, top, height);
    const picture = new ImageData(width, height);
    const words = new Uint32Array(picture.data.buffer);
    const seen = new Float64Array(width * height).fill(Infinity);
    const table = colourTable(tiling, kind, frame.lit);
    const ranks = ranksOf(tiling, kind, frame.lit);
    for (const row of down) {
      for (const column of across) {
        const code = tiling.code(row.index, column.index) * row.sign * column.sign;
        const rank = ranks[Math.abs(code)];
        for (let y = row.from; y < row.to; y += 1) {
          for (let at = y * width + column.from; at < y * width + column.to; at += 1) {
            if (rank >= seen[at]) continue;
            seen[at] = rank;
            words[at] = table[tiling.count + code];
          }
        }
      }
    }
    this.room(width, height);
    this.scratch.putImageData(picture, 0, 0);
    this.context.drawImage(this.scratch.canvas, 0, 0, width, height, ...box.clip);
  }

  room(width, height) {
    const { canvas } = this.scratch;
    if (canvas.width < width) canvas.width = width;
    if (canvas.height < height) canvas.height = height;
  }

  strips(rows, columns, box) {
    const { width, height } = box.cell;
    const [top, left] = [box.y(rows[0].place), box.x(columns[0].place)];
    const put = (...where) => this.context.drawImage(this.scratch.canvas, ...where);
    const [n, m] = [columns.length, rows.length];
    if (moving(columns)) {
      columns.forEach(({ place }, k) => put(k, 0, 1, m, box.x(place), top, width, m * height));
    } else if (moving(rows)) {
      rows.forEach(({ place }, k) => put(0, k, n, 1, left, box.y(place), n * width, height));
    } else {
      put(0, 0, n, m, left, top, n * width, m * height);
    }
  }
}

/** The pixels of the screen that rows or columns cover, at least one each, from the edge on. */
function pixels(lines, where, scale, edge, length) {
  const at = (place) => Math.floor(where(place) * scale + 1e-6) - edge;
  return lines.flatMap(({ index, place, sign }) => {
    const from = at(place);
    const to = Math.min(length, Math.max(from + 1, at(place + 1)));
    return to <= 0 || from >= length ? [] : [{ index, sign, from: Math.max(0, from), to }];
  });
}

/** Which tiles are seen first, by the absolute value of their codes: the lit, then the rarest. */
function ranksOf(tiling, kind, lit) {
  const ranks = Float64Array.from([Infinity, ...tiling.sizes]);
  if (lit && lit.kind === kind && lit.tile >= 0) ranks[lit.tile + 1] = 0;
  return ranks;
}

function byPlace(lines) {
  return [...lines].sort((one, other) => one.place - other.place);
}

function moving(lines) {
  return lines.some(({ place }, at) => place !== lines[0].place + at);
}
