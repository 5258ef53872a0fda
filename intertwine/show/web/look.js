/* How entries look: the colours of tiles, faded where another tile is lit. */

const FADED = 0.16;
const PALER = 0.5;

/** The colours of the page, which follow its scheme. */
function theme(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink"),
    muted: read("--muted"),
    ground: read("--ground"),
    ring: read("--ring"),
    font: read("--font"),
  };
}

function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/** How opaque a code is: all of it, or little where another tile is lit. */
function opacity(lit, kind, code) {
  if (!lit) return 1;
  return lit.kind === kind && Math.abs(code) === lit.tile + 1 ? 1 : FADED;
}

/** A colour a code, as the words of an image, from code -count to count. */
function colourTable(tiling, kind, lit) {
  const table = new Uint32Array(2 * tiling.count + 1);
  for (let tile = 0; tile < tiling.count; tile += 1) {
    const [red, green, blue] = channels(tiling.colour(tile).ground);
    const full = 255 * opacity(lit, kind, tile + 1);
    const word = (blue << 16) | (green << 8) | red;
    table[tiling.count + tile + 1] = word | (Math.round(full) << 24);
    table[tiling.count - tile - 1] = word | (Math.round(full * PALER) << 24);
  }
  return table;
}
