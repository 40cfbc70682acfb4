// What pointers do on the sheet: they draw, erase and strike through.
import { state } from '/state.js';
import { become, boxOf, isNear, keepForUndo, newStroke, turns } from '/ink.js';
import { paint, paintSoon, sheet, toDrawing, toSheet } from '/paper.js';

const ERASER = 9;                       // how near the eraser must come, in CSS pixels
let isErasing = false;                  // by the tool, the pen's other end or the right button
let lastErased = null;
let erasedFrom = null;                  // the drawing before the eraser came down
let lastPen = -Infinity;

sheet.addEventListener('pointerdown', (event) => {
  if (state.pointer !== null || !event.isPrimary || ![0, 2, 5].includes(event.button)) return;
  // A hand that rests beside a pen is no finger.
  if (event.pointerType === 'pen') lastPen = event.timeStamp;
  else if (event.pointerType === 'touch' && event.timeStamp - lastPen < 1000) return;
  sheet.setPointerCapture(event.pointerId);
  state.pointer = event.pointerId;
  isErasing = state.isEraser || event.button !== 0;
  state.current = isErasing ? null : [];
  erasedFrom = isErasing ? state.strokes : null;
  lastErased = null;
  follow(event);
});

sheet.addEventListener('pointermove', (event) => {
  if (event.pointerId !== state.pointer) return;
  if (event.pointerType === 'pen') lastPen = event.timeStamp;
  const events = event.getCoalescedEvents?.() ?? [];
  for (const one of events.length ? events : [event]) follow(one);
  paintSoon();
});

sheet.addEventListener('pointerup', (event) => {
  if (event.pointerId !== state.pointer) return;
  state.pointer = null;
  if (isErasing) return finishErasing();
  const points = state.current;
  state.current = null;
  if (!points.length) return;
  const struck = strokesStruckBy(points);
  keepForUndo();
  become(struck.size ? state.strokes.filter((stroke) => !struck.has(stroke)) : [...state.strokes, newStroke(points)],
    event.timeStamp);
});

/// Takes back what the pen has done since it came down.
export function abandon() {
  state.pointer = null;
  state.current = null;
  if (isErasing && state.strokes !== erasedFrom) become(erasedFrom);
  isErasing = false;
  paint();
}

sheet.addEventListener('pointercancel', (event) => {
  if (event.pointerId !== state.pointer) return;
  state.pointer = null;
  state.current = null;
  if (isErasing) finishErasing();
  paint();
});

sheet.addEventListener('contextmenu', (event) => event.preventDefault());

function follow(event) {
  const frame = sheet.getBoundingClientRect();
  const place = [event.clientX - frame.left, event.clientY - frame.top];
  if (isErasing) return erase(place);
  const point = toDrawing(place);
  const last = state.current.at(-1);
  if (last && last[0] === point[0] && last[1] === point[1]) return;
  state.current.push(point);
}

function erase(place) {
  const path = [lastErased ?? place, place];
  lastErased = place;
  const kept = state.strokes.filter((stroke) => !isNear(stroke.points.map(toSheet), path, ERASER));
  if (kept.length === state.strokes.length) return;
  state.strokes = kept;
  state.isAnswered = false;
  paintSoon();
}

function finishErasing() {
  isErasing = false;
  if (state.strokes === erasedFrom) return;
  keepForUndo(erasedFrom);
  become(state.strokes);
}

/// The strokes that a scribble strikes through: it goes to and fro along one direction and turns five
/// times or more, which no character does; what it takes away lies under it, for the most part.
function strokesStruckBy(points) {
  const struck = new Set();
  const path = points.map(toSheet);
  if (Math.max(turns(path, 0), turns(path, 1)) < 5) return struck;
  const [x0, y0, x1, y1] = boxOf([{ points: path }]);
  const isInside = ([x, y]) => x > x0 - ERASER && x < x1 + ERASER && y > y0 - ERASER && y < y1 + ERASER;
  for (const stroke of state.strokes) {
    const other = stroke.points.map(toSheet);
    const isTouched = path.some((point, place) => place && isNear(other, [path[place - 1], point], ERASER));
    if (isTouched && other.filter(isInside).length >= 0.6 * other.length) struck.add(stroke);
  }
  return struck;
}
