// The sheet: how the drawing lies on it, how thick its lines are, and painting.
//
// Finished strokes are painted once, on a canvas of their own; on the one over it is nothing but the
// stroke that is being drawn. So a frame costs the same however much is written.
import { $, listen, state, tell } from './state.js';
import { boxOf, boxOfPoints } from './ink.js';

export const sheet = $('sheet');
const wet = sheet.getContext('2d');
const dry = $('ink').getContext('2d');
let density = 1;                        // pixels of the display in one of the page

// ---- The view ---------------------------------------------------------------------------------------

export const toSheet = ([x, y]) =>
  [x * state.view.scale + state.view.x, y * state.view.scale + state.view.y];

/// To about a hundredth of a pixel: more figures would only be sent to and fro.
export function toDrawing([x, y]) {
  const { scale, x: left, y: top } = state.view;
  const parts = 10 ** Math.max(0, Math.ceil(2 + Math.log10(scale)));
  return [Math.round((x - left) / scale * parts) / parts, Math.round((y - top) / scale * parts) / parts];
}

export function look(view) {
  state.view = view;
  tell('view');
}

/// Moves the drawing, and makes it larger by a factor so that what is at a place stays there.
export function zoom(factor, [x, y], [dx, dy] = [0, 0]) {
  const { scale } = state.view;
  // A line is to be seen, and not to fill the sheet.
  const thickness = penWidth();
  const next = Math.max(0.4 / thickness, Math.min(80 / thickness, scale * factor));
  look({
    ...state.view, scale: next,
    x: x + dx - (x - state.view.x) * next / scale, y: y + dy - (y - state.view.y) * next / scale,
  });
}

/// Brings the drawing into view: always, or only where a part of it would be outside.
export function fit(always) {
  if (!state.strokes.length || !sheet.clientWidth) return;
  const [x0, y0, x1, y1] = boxOf(state.strokes.map(({ box }) => box));
  const [left, top] = toSheet([x0, y0]);
  const [right, bottom] = toSheet([x1, y1]);
  const { clientWidth: width, clientHeight: height } = sheet;
  const isSeen = left >= 0 && top >= 0 && right <= width && bottom <= height;
  if (!always && isSeen) return;
  // The answer is to have room on the right.
  const room = Math.min(120, 0.2 * width);
  const scale = Math.min(
    (width - 40 - room) / Math.max(x1 - x0, 1e-9), (height - 70) / Math.max(y1 - y0, 1e-9),
    always ? Math.max(160, 0.3 * height) / Math.max(y1 - y0, 1e-9) : Infinity);
  look({
    scale, home: scale,
    x: (width - room) / 2 - scale * (x0 + x1) / 2, y: height / 2 - scale * (y0 + y1) / 2,
  });
}

// ---- The pen ----------------------------------------------------------------------------------------

/// How thick the pen is, in the drawing's units. It follows the height of the writing, within what suits
/// the sheet, so that a line looks the same on a phone and on a wall; in steps, since each one is painted.
export function penWidth() {
  const { clientWidth: width, clientHeight: height } = sheet;
  const usual = Math.max(2.6, 0.0055 * Math.min(width, 1.6 * height)) / state.view.home;
  const heights = state.strokes.map(({ box }) => box[3] - box[1]).filter((one) => one > 0)
    .sort((one, other) => one - other);
  const written = 0.034 * (heights[Math.floor(0.8 * heights.length)] ?? 0) || usual;
  const wanted = Math.max(0.4 * usual, Math.min(1.6 * usual, written));
  return 2 ** (Math.round(4 * Math.log2(wanted)) / 4);
}

// ---- Painting ---------------------------------------------------------------------------------------

/// The lines of a stroke in the drawing's units, each with how much wider than the pen it is.
function linesOf({ points, widths }) {
  const lines = [];
  let start = points[0];
  points.forEach((point, place) => {
    const next = points[place + 1];
    const width = Math.round(8 * (widths?.[place] ?? 1)) / 8;
    if (lines.at(-1)?.width !== width) {
      lines.push({ width, path: new Path2D() });
      lines.at(-1).path.moveTo(...start);
    }
    const { path } = lines.at(-1);
    // A smooth line: curves between the middles of neighbours.
    const end = next ? [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2] : point;
    if (next && place) path.quadraticCurveTo(...point, ...end); else path.lineTo(...end);
    start = end;
  });
  return lines;
}

const kept = new WeakMap();             // strokes do not change: their lines are made once

function paintStroke(target, stroke, pen) {
  const lines = kept.get(stroke) ?? linesOf(stroke);
  if (stroke.id) kept.set(stroke, lines);
  target.lineCap = target.lineJoin = 'round';
  for (const { width, path } of lines) {
    target.lineWidth = pen * width;
    target.stroke(path);
  }
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const groupColour = (place) => `--g${place % 6}`;

/// Which strokes have a colour of their own: those of characters, where groups are shown.
export function strokeColours() {
  const colours = new Map();
  if (!state.showsGroups || !state.isAnswered) return colours;
  state.characters.forEach(({ ids }, place) => {
    for (const id of ids) colours.set(id, groupColour(place));
  });
  return colours;
}

let painted = { strokes: [], key: '' };

/// Paints the finished strokes: all of them, or those that came behind what is there already.
function paintDry() {
  const { strokes, view } = state;
  const pen = Math.max(penWidth(), 1.1 / view.scale);
  const colours = strokeColours();
  const ink = colour('--ink');
  const key = JSON.stringify(
    [view, pen, density, ink, $('ink').width, $('ink').height, [...colours]]);
  const isMore = key === painted.key && painted.strokes.every((stroke, place) => stroke === strokes[place]);
  if (!isMore) {
    dry.setTransform(1, 0, 0, 1, 0, 0);
    dry.clearRect(0, 0, dry.canvas.width, dry.canvas.height);
  }
  lay(dry);
  for (const stroke of isMore ? strokes.slice(painted.strokes.length) : strokes) {
    dry.strokeStyle = colours.has(stroke.id) ? colour(colours.get(stroke.id)) : ink;
    paintStroke(dry, stroke, pen);
  }
  painted = { strokes, key };
}

function lay(target) {
  const { scale, x, y } = state.view;
  target.setTransform(density * scale, 0, 0, density * scale, density * x, density * y);
}

let wetBox = null;                      // where the stroke that is being drawn was painted, in pixels

function paintWet() {
  if (wetBox) {
    const [x0, y0, x1, y1] = wetBox;
    wet.setTransform(1, 0, 0, 1, 0, 0);
    wet.clearRect(x0, y0, x1 - x0, y1 - y0);
  }
  wetBox = null;
  if (!state.current?.points.length) return;
  const pen = Math.max(penWidth(), 1.1 / state.view.scale);
  const [x0, y0, x1, y1] = boxOfPoints(state.current.points.map(toSheet)).map((one) => one * density);
  const margin = Math.ceil(3 * pen * state.view.scale * density) + 2;
  wetBox = [Math.floor(x0) - margin, Math.floor(y0) - margin, Math.ceil(x1) + margin, Math.ceil(y1) + margin];
  lay(wet);
  wet.strokeStyle = colour('--ink');
  paintStroke(wet, state.current, pen);
}

export function paint() {
  paintDry();
  paintWet();
  const { scale, home, x, y } = state.view;
  // The dots of the paper move with the drawing, and stay about as far apart.
  const apart = 26 * 2 ** (Math.log2(scale / home) % 1);
  $('paper').style.setProperty('--apart', `${apart}px`);
  $('paper').style.backgroundPosition = `${x % apart}px ${y % apart}px`;
  $('paper').classList.toggle('drawing', state.current !== null || !state.isAnswered);
  $('empty').hidden = state.strokes.length > 0 || state.current !== null;
}

let isDue = false;

/// Paints with the next frame.
export function paintSoon() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => { isDue = false; paint(); });
}

/// Dark on white, in twice the sheet's pixels, around what is drawn.
export function picture() {
  const [x0, y0, x1, y1] = boxOf(state.strokes.map(({ box }) => box)).map((one) => one * state.view.scale);
  const margin = 20;
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(2 * (x1 - x0 + 2 * margin));
  canvas.height = Math.ceil(2 * (y1 - y0 + 2 * margin));
  const target = canvas.getContext('2d');
  target.fillStyle = 'white';
  target.fillRect(0, 0, canvas.width, canvas.height);
  target.strokeStyle = 'black';
  const scale = 2 * state.view.scale;
  target.setTransform(scale, 0, 0, scale, 2 * (margin - x0), 2 * (margin - y0));
  for (const stroke of state.strokes) paintStroke(target, stroke, penWidth());
  return new Promise((done) => canvas.toBlob(done, 'image/png'));
}

/// One canvas pixel is one pixel of the display, at any zoom.
new ResizeObserver(([entry]) => {
  const { width, height } = entry.contentRect;
  const exact = entry.devicePixelContentBoxSize?.[0];
  // Where a display is only emulated, the exact size is that of the real one.
  const isExact = exact && Math.abs(exact.inlineSize - width * devicePixelRatio) < 2;
  for (const canvas of [sheet, $('ink')]) {
    canvas.width = isExact ? exact.inlineSize : Math.round(width * devicePixelRatio);
    canvas.height = isExact ? exact.blockSize : Math.round(height * devicePixelRatio);
  }
  // A canvas is empty once its size is set, also to what it was.
  painted = { strokes: [], key: '' };
  density = width ? sheet.width / width : devicePixelRatio;
  // On a printed page the sheet is as large as here, or smaller, as a whole.
  $('paper').style.setProperty('--wide', width);
  $('paper').style.setProperty('--high', height);
  fit(false);
  tell('view');
}).observe(sheet, observedBox());

function observedBox() {
  const isKnown = typeof ResizeObserverEntry !== 'undefined'
    && 'devicePixelContentBoxSize' in ResizeObserverEntry.prototype;
  return { box: isKnown ? 'device-pixel-content-box' : 'content-box' };
}

for (const media of ['(prefers-color-scheme: dark)', 'print']) matchMedia(media).addEventListener('change', paint);

/// Ink is dark on a printed page, whatever the theme.
function print(isPrinting) {
  document.documentElement.classList.toggle('printing', isPrinting);
  paint();
}
addEventListener('beforeprint', () => print(true));
addEventListener('afterprint', () => print(false));
listen('placed', ({ always }) => fit(always));
for (const change of ['drawing', 'answer', 'view', 'mode']) listen(change, paint);
