// What was written before, kept by the browser: drawings with their answers.
import { $, listen, remembered, state } from './state.js';
import { pretty, say, t } from './words.js';
import { readText } from './answers.js';
import { boxOf, boxOfPoints, isDrawing, keepForUndo, load, record } from './ink.js';

try { state.entries = JSON.parse(remembered.get('history') ?? '[]'); } catch { /* nothing is remembered */ }
state.entries = Array.isArray(state.entries)
  ? state.entries.filter((entry) => typeof entry?.text === 'string' && isDrawing(entry)) : [];

/// Keeps the drawing before another takes its place, with its answer, where there is one already.
function remember() {
  const text = state.mode === 'ink' ? readText() : state.shown;
  if (state.strokes.length) keep(state.isAnswered && text || '…', record());
}

export function keep(text, { strokes, chosen }) {
  const isSame = (entry) => JSON.stringify(entry.strokes) === JSON.stringify(strokes);
  state.entries = [{ text, strokes, chosen }, ...state.entries.filter((entry) => !isSame(entry))].slice(0, 60);
  save();
}

function save() {
  let text = JSON.stringify(state.entries);
  // What the browser keeps is limited: older drawings make room.
  for (let count = state.entries.length; text.length > 1_000_000 && count > 0; count -= 1) {
    text = JSON.stringify(state.entries.slice(0, count));
  }
  remembered.set('history', text);
  show();
}

/// Forgets all of it, until that is undone.
export function forget() {
  keepForUndo({ entries: state.entries });
  state.entries = [];
  save();
  say(t().forgotten);
}

function show() {
  $('nothing').hidden = state.entries.length > 0;
  $('forget').hidden = !state.entries.length;
  $('history').replaceChildren(...state.entries.map((entry) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    const text = document.createElement('span');
    button.type = 'button';
    text.textContent = pretty(entry.text);
    button.append(thumbnail(entry.strokes), text);
    button.title = entry.text;
    button.onclick = () => load(entry.strokes, entry.chosen);
    item.append(button);
    return item;
  }));
}

function thumbnail(drawing) {
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const [x0, y0, x1, y1] = boxOf(drawing.map(boxOfPoints));
  const margin = 0.06 * Math.max(x1 - x0, y1 - y0, 1e-9);
  picture.setAttribute('viewBox',
    [x0 - margin, y0 - margin, x1 - x0 + 2 * margin, y1 - y0 + 2 * margin].join(' '));
  picture.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', drawing.map((points) =>
    `M${points.map((point) => point.join(' ')).join('L')}${points.length === 1 ? 'h0' : ''}`).join(''));
  picture.append(path);
  return picture;
}

listen('leaving', remember);
listen('entries', save);
listen('words', show);
