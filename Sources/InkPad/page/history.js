// What was written before, kept by the browser: drawings with their answers, each by itself, so that no tab
// writes over what another one has kept, and what is forgotten in one is forgotten in all.
import { $, listen, remembered, state, tell } from './state.js';
import { pretty, say, t } from './words.js';
import { readText } from './answers.js';
import { boxOf, boxOfPoints, isDrawing, keepForUndo, load, record } from './ink.js';
import { hear, result, tellTabs, transact } from './store.js';

export const ENTRIES = 60;              // the most of them; the oldest make room

let changeCount = 0;                    // how often this tab has changed it
let isRead = false;                     // whether what was kept before is there

const isEntry = (one) => typeof one?.text === 'string' && isDrawing(one);
export const isSame = (one, other) => JSON.stringify(one.strokes) === JSON.stringify(other.strokes);

/// A drawing with its answer, as it is kept: later ones have a later time.
export function entry(text, { strokes, chosen }, time = Date.now()) {
  return { id: `${time}-${crypto.getRandomValues(new Uint32Array(1))[0]}`, time, text, strokes, chosen };
}

/// Keeps the drawing before another takes its place, with its answer, where there is one already, and what
/// was opened with the other. The step that undoes this has all of it.
function remember({ step, others }) {
  const text = state.mode === 'ink' ? readText() : state.shown;
  const changes = [];
  if (state.strokes.length) changes.push(keep([entry(state.isAnswered && text || '…', record(), nextTime())]));
  if (others.length) changes.push(keepOpened(others));
  if (changes.length) step.history = { added: changes.flatMap(({ added }) => added), removed: changes[0].removed };
}

const nextTime = () => Math.max(Date.now(), (state.entries[0]?.time ?? 0) + 1);

/// Keeps entries, the newest first, in place of older ones of the same ink; what has changed, which can be
/// taken back.
export function keep(added) {
  const others = state.entries.filter((one) => !added.some((other) => isSame(one, other)));
  const kept = new Set([...added, ...others].slice(0, ENTRIES));
  return change({ added, removed: state.entries.filter((one) => !kept.has(one)) });
}

/// Of drawings that are opened those that the history has room for, with the sheet that is there: nothing
/// makes room for them. Those that it has already need none.
export function fitting(drawings) {
  const known = new Set(state.entries.map((one) => JSON.stringify(one.strokes)));
  const others = drawings.filter(({ strokes }) => {
    const ink = JSON.stringify(strokes);
    return !known.has(ink) && known.add(ink);
  });
  const room = Math.max(0, ENTRIES - state.entries.length - (state.strokes.length ? 1 : 0));
  return { fit: others.slice(0, room), leftOut: Math.max(0, others.length - room) };
}

/// Keeps drawings that were opened, the first of them above the others; what has changed.
function keepOpened(drawings) {
  const time = nextTime() + drawings.length;
  return change({
    added: drawings.map(({ text, drawing }, place) => entry(text, drawing, time - place)), removed: [],
  });
}

/// Puts entries in and takes others out, here, in the browser's memory and in its other tabs.
function change({ added, removed }) {
  changeCount += 1;
  const gone = new Set(removed.map(({ id }) => id));
  const others = state.entries.filter(({ id }) => !gone.has(id) && !added.some((one) => one.id === id));
  state.entries = [...added, ...others].sort((one, other) => other.time - one.time);
  transact(['history'], 'readwrite', (history) => {
    for (const id of gone) history.delete(id);
    for (const one of added) history.put(one);
  }).then(() => tellTabs('history'), () => { /* it is known until the page is left */ });
  tell('entries');
  return { added, removed };
}

/// Forgets all of it, until that is undone.
export function forget() {
  keepForUndo({ history: { added: [], removed: state.entries } });
  changeCount += 1;
  state.entries = [];
  transact(['history'], 'readwrite', (history) => { history.clear(); }).catch(() => {});
  remembered.drop('history');
  tellTabs('forgotten');
  tell('entries');
  say(t().forgotten);
}

/// Another tab has forgotten all: nothing that can be undone here brings it back.
function forgetToo() {
  const plain = ({ history, ...step }) => step;
  changeCount += 1;
  state.entries = [];
  state.past = state.past.map(plain);
  state.future = state.future.map(plain);
  tell('entries');
}

/// Reads what the browser has kept, and again where it has changed meanwhile.
export async function changed() {
  try {
    if (!isRead) await takeOver();
    isRead = true;
    const before = changeCount;
    const entries = await transact(['history'], 'readonly', (history) => result(history.getAll()));
    if (before !== changeCount) return changed();
    state.entries = entries.filter(isEntry).sort((one, other) => other.time - one.time);
    tell('entries');
  } catch {
    // What is kept from now on is known until the page is left.
  }
}

/// What an older page has kept, as one text.
async function takeOver() {
  let old = null;
  try { old = JSON.parse(remembered.get('history') ?? '[]'); } catch { /* nothing is remembered */ }
  const entries = Array.isArray(old) ? old.filter(isEntry) : [];
  if (entries.length) {
    await transact(['history'], 'readwrite', (history) => {
      entries.forEach((one, place) => history.put({ ...entry(one.text, one, -place), id: `old-${place}` }));
    });
  }
  remembered.drop('history');
}

function show() {
  $('nothing').hidden = state.entries.length > 0;
  $('forget').hidden = !state.entries.length;
  $('history').replaceChildren(...state.entries.slice(0, ENTRIES).map((one) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    const text = document.createElement('span');
    button.type = 'button';
    text.textContent = pretty(one.text);
    button.append(thumbnail(one.strokes), text);
    button.title = one.text;
    button.onclick = () => load(one.strokes, one.chosen);
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

hear('history', changed);
hear('forgotten', forgetToo);
listen('leaving', remember);
listen('history', change);
for (const event of ['entries', 'words']) listen(event, show);
changed();
