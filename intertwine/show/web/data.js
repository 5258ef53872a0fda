/* What a section is drawn from: decoded arrays, and the names of points. */

const KINDS = { int8: Int8Array, int16: Int16Array, int32: Int32Array };

function decoded({ kind, bytes }) {
  const text = atob(bytes);
  const raw = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return new KINDS[kind](raw.buffer);
}

/** The rows or the columns, part after part. */
class Side {
  constructor({ size, parts }) {
    this.size = size;
    this.parts = parts.map((part, at) => ({
      ...part,
      stop: at + 1 < parts.length ? parts[at + 1].start : size,
    }));
  }

  part(number) {
    return this.parts.find((part) => number < part.stop);
  }

  /** A point's index on every axis of its part. */
  indices(number) {
    const part = this.part(number);
    const found = [];
    let rest = number - part.start;
    for (const length of [...part.shape].reverse()) {
      found.unshift(rest % length);
      rest = Math.floor(rest / length);
    }
    return found;
  }

  /** A point by its name, such as `users (0, 3)`. */
  point(number) {
    const indices = this.indices(number);
    const place = indices.length === 1 ? `${indices[0]}` : `(${indices.join(", ")})`;
    const { name } = this.part(number);
    return name ? `${name} ${place}` : place;
  }

  /** The same in the margin of the matrix. */
  label(number) {
    return this.indices(number).join(",");
  }

  get named() {
    return this.parts.some((part) => part.name);
  }
}

/** A matrix in tiles: codes are +-(k + 1) in tile k, and 0 where all maps vanish. */
class Tiling {
  constructor(data, columns, symbol, colours) {
    this.codes = decoded(data.codes);
    this.sizes = decoded(data.sizes);
    this.count = data.count;
    this.meanings = data.meanings;
    this.columns = columns;
    this.symbol = symbol;
    this.colours = colours;
  }

  code(row, column) {
    return this.codes[row * this.columns + column];
  }

  meaning(tile) {
    return this.meanings[tile] ?? "";
  }

  colour(tile) {
    return this.colours[tile % this.colours.length];
  }

  /** The row and column of a tile's first entry. */
  first(tile) {
    const place = this.codes.indexOf(tile + 1);
    return [Math.floor(place / this.columns), place % this.columns];
  }
}

function rotated(list, steps) {
  const by = list.length ? steps % list.length : 0;
  return [...list.slice(by), ...list.slice(0, by)];
}

/** A layer: its sides, its weight and bias in tiles, its generators. */
class Layer {
  constructor(data) {
    Object.assign(this, data);
    this.rows = new Side(data.rows);
    this.columns = new Side(data.columns);
    const biasColours = rotated(data.colours, data.weight.count);
    const [weight, bias] = data.exact ? ["w", "b"] : ["tile ", "bias tile "];
    this.weight = new Tiling(data.weight, this.columns.size, weight, data.colours);
    this.bias = new Tiling(data.bias, 1, bias, biasColours);
    this.motions = data.motions.map((motion) => ({
      name: motion.name,
      rows: permutation(motion.rows),
      columns: permutation(motion.columns),
    }));
  }

  get numbered() {
    return this.weight.count + this.bias.count > this.colours.length;
  }
}

function permutation(data) {
  if (!data) return null;
  return { images: decoded(data.images), signs: decoded(data.signs), cycles: data.cycles };
}
