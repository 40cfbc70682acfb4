// The sheet is kept by the browser after every change, and is there again after a reload, a crash, or where
// the server has gone: in IndexedDB, which is on the disk at once, one record for each tab.
import { listen, state, tell } from './state.js';
import { t } from './words.js';
import { become, chosenOf, isDrawing, newStroke, record } from './ink.js';
import { showProblem } from './conversation.js';

const SHEETS = 8;                       // how many tabs' sheets are kept
const POINTS = 500_000;                 // the most points of a sheet that is kept

/// What this tab's record is called: the browser remembers it through reloads.
function tabName() {
  try {
    const name = sessionStorage.getItem('ink-pad.tab')
      ?? [...crypto.getRandomValues(new Uint32Array(2))].join('-');
    sessionStorage.setItem('ink-pad.tab', name);
    return name;
  } catch {
    return 'tab';
  }
}

const tab = tabName();
let opened = null;                      // a promise of the database
let isWriting = false;
let isDue = false;                      // whether the sheet has changed since
let hasFailed = false;

const result = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

function database() {
  opened ??= new Promise((done, fail) => {
    const request = indexedDB.open('ink-pad', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('sheets', { keyPath: 'tab' });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  return opened;
}

/// Writes the sheet, and once more where it has changed meanwhile: never two at a time.
async function write() {
  isDue = true;
  if (isWriting) return;
  isWriting = true;
  try {
    while (isDue) {
      isDue = false;
      const widths = state.strokes.map((stroke) => stroke.widths);
      await put({ tab, time: Date.now(), ...record(), widths, view: state.view, kept: { ...state.kept } });
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
  const transaction = (await database()).transaction('sheets', 'readwrite');
  const store = transaction.objectStore('sheets');
  store.put(sheet);
  const records = await result(store.getAllKeys());
  if (records.length > SHEETS) await forgetOldest(store);
  await new Promise((done, fail) => {
    transaction.oncomplete = done;
    transaction.onabort = () => fail(transaction.error);
  });
}

async function forgetOldest(store) {
  const records = await result(store.getAll());
  records.sort((one, other) => other.time - one.time);
  for (const record of records.slice(SHEETS)) store.delete(record.tab);
}

/// The sheet as it was: this tab's own, or where it is new, the newest of any.
export async function restore() {
  try {
    const store = (await database()).transaction('sheets').objectStore('sheets');
    const own = await result(store.get(tab));
    const records = own ? [own] : await result(store.getAll());
    const newest = records.sort((one, other) => other.time - one.time)[0];
    // Who writes already has a sheet.
    if (!isDrawing(newest) || state.strokes.length || state.pointer !== null || state.past.length) return;
    const isView = ['scale', 'x', 'y', 'home'].every((member) => Number.isFinite(newest.view?.[member]));
    if (isView) state.view = newest.view;
    state.kept = { ...state.kept, ...newest.kept };
    state.strokes = newest.strokes.map((points, place) => newStroke(points, newest.widths?.[place] ?? null));
    state.chosen = chosenOf(state.strokes, newest.chosen);
    tell('placed', { always: false });
    if (state.strokes.length) become(state.strokes);
  } catch {
    // Nothing is kept here: what is written is, or it is said that it is not.
  }
}

listen('drawing', write);
listen('kept', write);
