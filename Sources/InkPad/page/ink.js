// The drawing: its strokes, the characters chosen by hand, what can be undone, and geometry.
import { state, tell } from './state.js';

let strokeCount = 0;

/// A stroke; `widths` says for each point how much wider than the pen it is, where a pen pressed.
export function newStroke(points, widths = null) {
  return { id: ++strokeCount, points, widths, box: boxOfPoints(points) };
}

/// A drawing as questions and files have it: which strokes are which character, where somebody chose.
export function record() {
  const places = new Map(state.strokes.map(({ id }, place) => [id, place]));
  const strokes = state.strokes.map((stroke) => stroke.points);
  const chosen = state.chosen.map(({ ids, text }) => (
    { strokes: ids.map((id) => places.get(id)).sort((one, other) => one - other), text }));
  return chosen.length ? { strokes, chosen } : { strokes };
}

// ---- Changes, and taking them back ------------------------------------------------------------------

const UNDO_LIMIT = 200;

/// Before a change: what was there can be undone. `more` are members of the state that the change is
/// about beside the drawing, as they were; `history` is what has changed there, since other tabs change it too.
export function keepForUndo(more = {}) {
  const { strokes, chosen, tried } = state;
  state.past = [...state.past.slice(1 - UNDO_LIMIT), { strokes, chosen, tried, ...more }];
  state.future = [];
}

/// Takes other strokes for the drawing; `penUp` is when the pen left the sheet, where one has.
export function become(strokes, penUp = null) {
  const ids = new Set(strokes.map(({ id }) => id));
  state.strokes = strokes;
  state.chosen = state.chosen.filter((one) => one.ids.every((id) => ids.has(id)));
  state.tried = null;
  state.isAnswered = false;
  tell('drawing', penUp);
}

export function undo() { goBack('past', 'future'); }

export function redo() { goBack('future', 'past'); }

function goBack(from, to) {
  if (!state[from].length) return;
  const { history, ...step } = state[from].at(-1);
  const now = Object.fromEntries(Object.keys(step).map((member) => [member, state[member]]));
  const back = history && { added: history.removed, removed: history.added };
  state[from] = state[from].slice(0, -1);
  state[to] = [...state[to], back ? { ...now, history: back } : now];
  Object.assign(state, step);
  if (back) tell('history', back);
  if (step.strokes === now.strokes && step.chosen === now.chosen) return tell('answer');
  tell('placed', { always: false });
  become(step.strokes);
  state.tried = step.tried;
}

export function clear() {
  if (!state.strokes.length) return;
  replace([], []);
  tell('cleared');
}

/// Shows another drawing in place of this one, fitted into the sheet where it would not be seen. What was
/// chosen by hand is named as in a record; `others` were opened with it, for the history.
export function load(drawing, chosen = [], others = []) {
  const strokes = drawing.map((points) => newStroke(points));
  replace(strokes, chosenOf(strokes, chosen), others);
}

/// What a record says was chosen by hand, as the state has it; what is none is left out.
export function chosenOf(strokes, chosen) {
  const taken = new Set();
  const isFree = (place) => strokes[place] && !taken.has(place) && taken.add(place);
  const isKnown = ({ text }) => text === ALPHABET.none || ALPHABET.entries.some((entry) => entry.text === text);
  const choices = (Array.isArray(chosen) ? chosen : [])
    .filter((one) => one?.strokes?.length && isKnown(one) && [...one.strokes].every(isFree));
  return choices.map((one) => (
    { ids: [...one.strokes].map((place) => strokes[place].id), text: one.text, read: null, top: [] }));
}

function replace(strokes, chosen, others = []) {
  const before = { view: state.view };
  tell('leaving', { step: before, others });
  keepForUndo(before);
  state.view = { scale: 1, x: 0, y: 0, home: 1 };
  state.strokes = strokes;
  state.chosen = chosen;
  tell('placed', { always: true });
  become(strokes);
}

/// These strokes are this character; the choices that have one of them are none any more.
export function choose(ids, choice) {
  keepForUndo();
  const others = state.chosen.filter((one) => !one.ids.some((id) => ids.includes(id)));
  state.chosen = choice ? [...others, { ids, ...choice }] : others;
  become(state.strokes);
}

// ---- Geometry ---------------------------------------------------------------------------------------

/// Whether a value is a drawing: a file or the browser's memory may hold anything.
export function isDrawing(value) {
  return Array.isArray(value?.strokes)
    && value.strokes.every((stroke) => Array.isArray(stroke) && stroke.length > 0
      && stroke.every((point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite)));
}

const NOWHERE = [Infinity, Infinity, -Infinity, -Infinity];

export const around = ([a0, b0, a1, b1], [c0, d0, c1, d1]) => [
  Math.min(a0, c0), Math.min(b0, d0), Math.max(a1, c1), Math.max(b1, d1)];

export const boxOfPoints = (points) => points.reduce((box, [x, y]) => around(box, [x, y, x, y]), NOWHERE);

/// The box around boxes: [left, top, right, bottom].
export const boxOf = (boxes) => boxes.reduce(around, NOWHERE);

/// Whether a line of points comes as near as this to a way from one point to another.
export function isNear(points, [from, to], reach) {
  const segments = points.length > 1 ? points.slice(1).map((point, i) => [points[i], point]) : [[points[0], points[0]]];
  return segments.some(([a, b]) => crosses(a, b, from, to)
    || [[a, from, to], [b, from, to], [from, a, b], [to, a, b]].some((three) => distance(...three) < reach));
}

function distance([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length)) : 0;
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}

function crosses(a, b, c, d) {
  const side = (p, q, r) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/// How often a path turns along one axis; a turn is one where it goes back at least a third of its way.
export function turns(path, axis) {
  const places = path.map((point) => point[axis]);
  const step = 0.3 * (Math.max(...places) - Math.min(...places));
  let count = 0;
  let direction = 0;
  let extreme = places[0];
  for (const place of places) {
    const moved = place - extreme;
    if (Math.sign(moved) === direction) {
      extreme = place;
    } else if (Math.abs(moved) > step) {
      if (direction !== 0) count += 1;
      direction = Math.sign(moved);
      extreme = place;
    }
  }
  return count;
}
