// The sheet is kept by the browser after every change, and is there again after a reload, a crash, or where
// the server has gone: one record for each tab. A new tab takes up the newest sheet that no other has; what
// nobody has and nobody takes up goes to the history.
import { listen, state, tell } from './state.js';
import { t } from './words.js';
import { readText } from './answers.js';
import { become, chosenOf, isDrawing, newStroke, record } from './ink.js';
import { showProblem } from './conversation.js';
import { changed, entry, isSame, keep } from './history.js';
import { result, tellTabs, transact } from './store.js';
import { inTurn, living, tab } from './tabs.js';

const POINTS = 500_000;                 // the most points of a sheet that is kept
const SETTLED = 3000;                   // when tabs that were reloaded all at once are there again, in ms

let isWriting = false;
let isDue = false;                      // whether the sheet has changed since
let hasFailed = false;
let said = '';                          // what the record says that was read
let changedAt = 0;                      // when the sheet was changed last: showing it again is no change
let begin;                              // nothing is written before the old sheet was read
const isRead = new Promise((done) => { begin = done; });

/// Writes the sheet, and once more where it has changed meanwhile: never two at a time.
async function write() {
  isDue = true;
  if (isWriting) return;
  isWriting = true;
  try {
    while (isDue) {
      await isRead;
      const { name } = await tab;
      isDue = false;
      const widths = state.strokes.map((stroke) => stroke.widths);
      said = saidNow();
      await put({
        tab: name, time: changedAt, ...record(), widths, said, view: state.view, kept: { ...state.kept },
      });
      hasFailed = false;
    }
  } catch {
    // Said once, not after each stroke.
    if (!hasFailed) showProblem(t().unkept);
    hasFailed = true;
  }
  isWriting = false;
}

async function put(sheet) {
  if (sheet.strokes.reduce((count, points) => count + points.length, 0) > POINTS) throw new Error('too large');
  await transact(['sheets'], 'readwrite', (sheets) => { sheets.put(sheet); });
}

const saidNow = () => state.isAnswered && state.mode === 'ink' && readText() || '';

/// The history says what was read in a sheet that nobody takes up.
function note() {
  if (state.strokes.length && state.isAnswered && saidNow() !== said) write();
}

const hasInk = (sheet) => isDrawing(sheet) && sheet.strokes.length > 0;
const byTime = (one, other) => other.time - one.time;
const entryOf = (sheet) => entry(sheet.said || '…', sheet, sheet.time);

/// The sheet as it was: this tab's own, or where it is new, the newest that no other tab has.
export async function restore() {
  try {
    const { name, twin } = await tab;
    show(await inTurn(async () => {
      const others = await living();
      return transact(['sheets'], 'readwrite', async (sheets) => {
        const records = await result(sheets.getAll());
        const of = (wanted) => records.find((one) => one.tab === wanted);
        if (of(name) ?? of(twin)) return of(name) ?? of(twin);
        const [newest] = records.filter((one) => !others.has(one.tab) && hasInk(one)).sort(byTime);
        if (!newest || isBegun()) return null;
        sheets.delete(newest.tab);
        sheets.put({ ...newest, tab: name });
        return newest;
      });
    }));
  } catch {
    // Nothing is kept here: what is written is, or it is said that it is not.
  }
  begin();
  setTimeout(collect, SETTLED);
}

/// Who writes already has a sheet.
const isBegun = () => state.strokes.length > 0 || state.pointer !== null || state.past.length > 0;

function show(sheet) {
  if (!isDrawing(sheet)) return;
  if (isBegun()) return hasInk(sheet) ? keep([entryOf(sheet)]) : undefined;
  const isView = ['scale', 'x', 'y', 'home'].every((member) => Number.isFinite(sheet.view?.[member]));
  if (isView) state.view = sheet.view;
  state.kept = { ...state.kept, ...sheet.kept };
  state.strokes = sheet.strokes.map((points, place) => newStroke(points, sheet.widths?.[place] ?? null));
  state.chosen = chosenOf(state.strokes, sheet.chosen);
  tell('placed', { always: false });
  if (state.strokes.length) become(state.strokes);
  changedAt = sheet.time;
}

/// Sheets of tabs that were closed go to the history.
async function collect() {
  try {
    const { name } = await tab;
    const found = await inTurn(async () => {
      const others = await living();
      return transact(['sheets', 'history'], 'readwrite', async (sheets, history) => {
        const records = await result(sheets.getAll());
        const known = await result(history.getAll());
        const left = records.filter((one) => one.tab !== name && !others.has(one.tab));
        for (const one of left) sheets.delete(one.tab);
        const found = left.filter((one) => hasInk(one) && !known.some((other) => isSame(one, other)));
        for (const one of found) history.put(entryOf(one));
        return found;
      });
    });
    if (!found.length) return;
    changed();
    tellTabs('history');
  } catch {
    // They are still there the next time.
  }
}

listen('drawing', () => {
  changedAt = Date.now();
  write();
});
listen('kept', write);
listen('answer', note);
