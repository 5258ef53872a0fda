/* How a generator moves the matrix: first its columns, then its rows. */

const TRAVEL = 450;
const REST = 250;
const LOOK = 900;

function eased(time) {
  return time < 0.5 ? 4 * time ** 3 : 1 - (2 - 2 * time) ** 3 / 2;
}

/** The rows or columns in view, those that stay before those that move. */
function travelling([from, to], { images, signs }, time) {
  const [stay, move] = [[], []];
  const share = eased(time);
  for (let index = 0; index < images.length; index += 1) {
    const place = time === 1 ? images[index] : index + (images[index] - index) * share;
    if (place <= from - 1 || place >= to) continue;
    const line = { index, place, sign: share > 0.5 ? signs[index] : 1 };
    (images[index] === index ? stay : move).push(line);
  }
  return [...stay, ...move];
}

/** How many entries a generator changes: none, if the matrix is equivariant. */
function changed(tiling, rows, columns) {
  const width = columns.images.length;
  let count = 0;
  for (let row = 0; row < rows.images.length; row += 1) {
    const [from, to] = [row * width, rows.images[row] * width];
    for (let column = 0; column < width; column += 1) {
      const sign = rows.signs[row] * columns.signs[column];
      const moved = sign * tiling.codes[from + column];
      if (tiling.codes[to + columns.images[column]] !== moved) count += 1;
    }
  }
  return count;
}

const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/** One generator at work; `show` paints a state and `say` tells how far it is. */
class Travel {
  constructor(motion, show, say) {
    Object.assign(this, { motion, show, say, stopped: false });
  }

  stop() {
    this.stopped = true;
    this.show(null);
  }

  async run(ended) {
    const { name, rows, columns } = this.motion;
    this.say(`${name}: its columns move, T \u03c1(g)\u207b\u00b9 \u2026`);
    await this.phase((time) => ({ columns: { ...columns, time }, rows: null }));
    await this.wait(still.matches ? LOOK : REST);
    if (!this.stopped) this.say(`${name}: and its rows, \u03c1(g) T \u03c1(g)\u207b\u00b9 \u2026`);
    const arrived = { ...columns, time: 1 };
    await this.phase((time) => ({ columns: arrived, rows: { ...rows, time } }));
    if (this.stopped) return;
    this.show(null);
    this.say(ended());
  }

  /** Paint from time 0 to 1, or only the end where motion is unwelcome. */
  phase(state) {
    if (still.matches) {
      if (!this.stopped) this.show(state(1));
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      let began = null;
      const step = (now) => {
        if (this.stopped) return resolve();
        began ??= now;
        const time = Math.min(1, (now - began) / TRAVEL);
        this.show(state(time));
        return time < 1 ? requestAnimationFrame(step) : resolve();
      };
      requestAnimationFrame(step);
    });
  }

  wait(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, this.stopped ? 0 : milliseconds));
  }
}
