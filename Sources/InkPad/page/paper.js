// The sheet: its canvas, how the drawing lies on it, and painting.
import { $, listen, state } from '/state.js';
import { percent, pretty } from '/words.js';
import { boxOf } from '/ink.js';
import { characters, strokesOf, sureness } from '/answers.js';

export const sheet = $('sheet');
const canvas = sheet.getContext('2d', { desynchronized: false });
export const PEN = 3.4;
let density = 1;

export const toSheet = ([x, y]) =>
  [x * state.view.scale + state.view.x, y * state.view.scale + state.view.y];
export const toDrawing = ([x, y]) => [
  Math.round((x - state.view.x) / state.view.scale * 100) / 100,
  Math.round((y - state.view.y) / state.view.scale * 100) / 100];
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/// A smooth line through points: curves between the middles of their neighbours.
export function trace(target, points, width) {
  target.beginPath();
  const [first, ...rest] = points;
  target.moveTo(...first);
  if (!rest.length) target.lineTo(first[0] + 0.01, first[1]);
  rest.forEach((point, place) => {
    const next = rest[place + 1];
    if (next) target.quadraticCurveTo(...point, (point[0] + next[0]) / 2, (point[1] + next[1]) / 2);
    else target.lineTo(...point);
  });
  target.lineWidth = width;
  target.lineCap = target.lineJoin = 'round';
  target.stroke();
}

export function paint() {
  canvas.setTransform(density, 0, 0, density, 0, 0);
  canvas.clearRect(0, 0, sheet.width, sheet.height);
  const colours = strokeColours();
  canvas.strokeStyle = colour('--ink');
  const ink = canvas.strokeStyle;
  for (const stroke of state.strokes) {
    canvas.strokeStyle = colours.get(stroke) ?? ink;
    trace(canvas, stroke.points.map(toSheet), PEN);
  }
  if (state.current?.length) {
    canvas.strokeStyle = ink;
    trace(canvas, state.current.map(toSheet), PEN);
  }
  if (colours.size) paintBoxes();
  $('invitation').hidden = state.strokes.length > 0 || state.current !== null;
}

let isPaintDue = false;

export function paintSoon() {
  if (isPaintDue) return;
  isPaintDue = true;
  requestAnimationFrame(() => { isPaintDue = false; paint(); });
}

const groupColour = (place) => colour(`--g${place % 6}`);

export function strokeColours() {
  const colours = new Map();
  if (!state.showsGroups || state.mode !== 'ink' || !state.isAnswered || !state.answer?.symbols) return colours;
  (state.answer.marks ?? state.answer.symbols).forEach((symbol, place) => {
    for (const stroke of strokesOf(symbol)) {
      if (state.strokes[stroke]) colours.set(state.strokes[stroke], groupColour(place));
    }
  });
  return colours;
}

function paintBoxes() {
  const marks = state.answer.marks ?? state.answer.symbols;
  const texts = state.answer.marks ? marks.map((symbol) => symbol.text) : characters();
  canvas.font = '600 14px system-ui, sans-serif';
  canvas.lineWidth = 1.2;
  marks.forEach((symbol, place) => {
    if (!symbol.box) return;
    const margin = 8;
    const [x0, y0] = toSheet(symbol.box.slice(0, 2));
    const [x1, y1] = toSheet(symbol.box.slice(2));
    canvas.strokeStyle = canvas.fillStyle = groupColour(place);
    canvas.beginPath();
    canvas.roundRect(x0 - margin, y0 - margin, x1 - x0 + 2 * margin, y1 - y0 + 2 * margin, 6);
    canvas.stroke();
    const label = `${pretty(texts[place])}  ${percent(sureness(symbol, texts[place]))}`;
    const isRoom = canvas.measureText(label).width <= x1 - x0 + 2 * margin;
    canvas.fillText(isRoom ? label : pretty(texts[place]), x0 - margin, y0 - margin - 6);
  });
}

/// One canvas pixel is one pixel of the display, at any zoom.
new ResizeObserver(([entry]) => {
  const { width, height } = entry.contentRect;
  const exact = entry.devicePixelContentBoxSize?.[0];
  // Where a display is only emulated, the exact size is that of the real one.
  const isExact = exact && Math.abs(exact.inlineSize - width * devicePixelRatio) < 2;
  sheet.width = isExact ? exact.inlineSize : Math.round(width * devicePixelRatio);
  sheet.height = isExact ? exact.blockSize : Math.round(height * devicePixelRatio);
  density = width ? sheet.width / width : devicePixelRatio;
  fit(false);
  paint();
}).observe(sheet, observedBox());

function observedBox() {
  const isKnown = typeof ResizeObserverEntry !== 'undefined'
    && 'devicePixelContentBoxSize' in ResizeObserverEntry.prototype;
  return { box: isKnown ? 'device-pixel-content-box' : 'content-box' };
}

/// Brings the drawing into view: always, or only where a part of it would be outside.
function fit(always) {
  if (!state.strokes.length || !sheet.clientWidth) return;
  const [x0, y0, x1, y1] = boxOf(state.strokes);
  const [left, top] = toSheet([x0, y0]);
  const [right, bottom] = toSheet([x1, y1]);
  const { clientWidth: width, clientHeight: height } = sheet;
  const isSeen = left >= 0 && top >= 0 && right <= width && bottom <= height;
  if (!always && isSeen) return;
  const scale = Math.min(
    (width - 60) / Math.max(x1 - x0, 1e-9), (height - 150) / Math.max(y1 - y0, 1e-9),
    always ? 160 / Math.max(y1 - y0, 1e-9) : Infinity);
  state.view = {
    scale: scale > 0 ? scale : 1,
    x: width / 2 - scale * (x0 + x1) / 2, y: (height - 50) / 2 - scale * (y0 + y1) / 2,
  };
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
listen('placed', ({ always }) => fit(always));
for (const change of ['drawing', 'answer', 'view']) listen(change, paint);
