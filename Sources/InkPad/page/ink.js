// The drawing: its strokes, what can be undone, and the geometry of strokes.
import { state, tell } from '/state.js';

let strokeCount = 0;

export const newStroke = (points) => ({ id: ++strokeCount, points });

/// A drawing as questions and files have it.
export const wire = (drawing) => drawing.map((stroke) => stroke.points);

/// Before a change: what was there can be undone.
export function keepForUndo(strokes = state.strokes) {
  state.past.push({ strokes, view: state.view });
  if (state.past.length > 500) state.past.shift();
  state.future = [];
}

/// Takes other strokes for the drawing; `penUp` is when the pen left the sheet, where one has.
export function become(strokes, penUp = null) {
  state.strokes = strokes;
  state.isAnswered = false;
  tell('drawing', penUp);
}

export function undo() { goBack(state.past, state.future); }

export function redo() { goBack(state.future, state.past); }

function goBack(from, to) {
  if (!from.length) return;
  to.push({ strokes: state.strokes, view: state.view });
  const { strokes, view } = from.pop();
  state.strokes = strokes;
  state.view = view;
  tell('placed', { always: false });
  become(strokes);
}

export function clear() {
  if (!state.strokes.length) return;
  replace([]);
  tell('cleared');
}

/// Shows another drawing in place of this one, fitted into the sheet where it would not be seen.
export function load(drawing) { replace(drawing.map((points) => newStroke(points))); }

function replace(strokes) {
  tell('leaving');
  keepForUndo();
  state.view = { scale: 1, x: 0, y: 0 };
  state.strokes = strokes;
  tell('placed', { always: true });
  become(strokes);
}

/// Whether a value is a drawing: a file or the browser's memory may hold anything.
export function isDrawing(value) {
  return Array.isArray(value?.strokes)
    && value.strokes.every((stroke) => Array.isArray(stroke) && stroke.length > 0
      && stroke.every((point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite)));
}

/// The box around strokes: [left, top, right, bottom].
export function boxOf(drawing) {
  const points = drawing.flatMap((stroke) => stroke.points);
  return points.reduce(([x0, y0, x1, y1], [x, y]) => [
    Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y),
  ], [Infinity, Infinity, -Infinity, -Infinity]);
}

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
