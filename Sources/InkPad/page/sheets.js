// The server's folder of sheets, where it has one: each sheet is kept there as a file, and listed here.
import { $, listen, state, tell } from './state.js';
import { pretty, problemText, t } from './words.js';
import { readText } from './answers.js';
import { load, record } from './ink.js';
import { MESSAGE_LIMIT, send, showProblem } from './conversation.js';

const WAITING = 60;                     // how many sheets wait for a server that is away
const due = new Map();                  // what is to be kept: state.kept of a sheet -> its record
let isKeeping = false;
let hasFolder = false;
let isListing = false;                  // whether a list is asked for as soon as the server can
let items = [];                         // the list: { sheet, strokes, said }
let lastNumber = 0;
let turn = Promise.resolve();           // the server answers one wish after the other
let waiting = null;                     // for the answer: { seq, done }
let lastReason = '';

/// Sends a wish when the ones before are done; what comes of it, or undefined where the server is away.
function wish(content) {
  turn = turn.then(() => new Promise((done) => {
    const seq = ++lastNumber;
    if (send({ seq, ...content })) waiting = { seq, done }; else done(undefined);
  }));
  return turn;
}

function answered(message) {
  if (message.seq !== waiting?.seq) return;
  const { done } = waiting;
  waiting = null;
  done(message);
}

const why = ({ code, reason }) => problemText({ code, error: reason });

/// Says why a sheet is not kept, once for each reason.
function complain(answer) {
  if (answer.reason !== lastReason) showProblem(t().unwritten(why(answer)));
  lastReason = answer.reason;
}

const saidNow = () => state.mode === 'ink' ? readText() : state.shown;

/// The sheet as it is now is to be kept.
function keep() {
  if (!hasFolder || !state.strokes.length) return;
  due.set(state.kept, { ...record(), said: state.isAnswered ? saidNow() : '' });
  if (due.size > WAITING) due.delete(due.keys().next().value);
  // Who has just opened a sheet says which one it is before this is sent.
  queueMicrotask(keepAll);
}

async function keepAll() {
  if (isKeeping) return;
  isKeeping = true;
  while (due.size) {
    const [kept, content] = due.entries().next().value;
    due.delete(kept);
    const { sheet, revision: over } = kept;
    const message = { type: 'keep', ...content, ...sheet && { sheet, over } };
    if (JSON.stringify(message).length > MESSAGE_LIMIT - 100) continue;
    const answer = await wish(message);
    if (answer?.type === 'kept') {
      lastReason = '';
      const isSame = kept.revision === answer.revision;
      Object.assign(kept, { sheet: answer.sheet, revision: answer.revision });
      note(answer.sheet, content, isSame);
      tell('kept');
    } else if (answer) {
      complain(answer);
    } else {
      // It is sent again when the server is back, where nothing newer is.
      if (!due.has(kept)) due.set(kept, content);
      break;
    }
  }
  isKeeping = false;
}

/// Lists a sheet that was kept; the same ink still says what it did, until it is read anew.
function note(sheet, { strokes, said }, isSame) {
  const place = items.findIndex((one) => one.sheet === sheet);
  const item = { sheet, strokes: strokes.length, said: said || isSame && items[place]?.said || '' };
  if (place < 0) items.unshift(item); else items[place] = item;
  showSheets();
}

async function list() {
  if (!hasFolder || isListing) return;
  // What changes from now on asks for another list.
  isListing = true;
  await turn;
  isListing = false;
  const answer = await wish({ type: 'sheets' });
  if (answer?.type !== 'sheets') return;
  items = answer.sheets;
  showSheets();
}

async function open(sheet) {
  const answer = await wish({ type: 'open', sheet });
  if (answer?.type === 'sheet') {
    load(answer.record.strokes, answer.record.chosen);
    Object.assign(state.kept, { sheet, revision: answer.revision });
    showSheets();
  } else if (answer) {
    showProblem(t().unopened(why(answer)), true);
    list();
  }
}

async function discard(sheet) {
  const answer = await wish({ type: 'discard', sheet });
  if (!answer) return;
  // What was gone already is as it was to be.
  const isGone = answer.type === 'discarded' || answer.code === 'no-such-sheet';
  if (!isGone) return showProblem(t().undiscarded(why(answer)));
  // The ink on the sheet stays, and is a new one when it changes.
  if (state.kept.sheet === sheet) state.kept = { sheet: null, revision: null };
  items = items.filter((item) => item.sheet !== sheet);
  showSheets();
}

/// `20261129-003012-5f0c9a1e` is of that time, which is UTC.
function when(sheet) {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(sheet).map(Number);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

function showSheets() {
  $('sheets').hidden = !hasFolder;
  const format = new Intl.DateTimeFormat(state.language, { dateStyle: 'short', timeStyle: 'short' });
  $('sheet-list').replaceChildren(...items.map(({ sheet, strokes, said }) => {
    const item = document.createElement('li');
    const opener = document.createElement('button');
    const [text, time] = [document.createElement('span'), document.createElement('time')];
    opener.type = 'button';
    text.textContent = said ? pretty(said) : t().strokeCount(strokes);
    time.textContent = format.format(when(sheet));
    opener.append(text, time);
    opener.dataset.sheet = sheet;
    if (sheet === state.kept.sheet) opener.setAttribute('aria-current', 'true');
    opener.onclick = () => open(sheet);
    item.append(opener, discarder(sheet));
    return item;
  }));
}

/// A button that asks first: the second click discards.
function discarder(sheet) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'discard';
  button.textContent = '×';
  button.setAttribute('aria-label', t().discard);
  button.title = t().discard;
  button.onclick = () => {
    if (button.dataset.asked) return discard(sheet);
    button.dataset.asked = 'yes';
    button.textContent = t().discardSure;
    setTimeout(() => { delete button.dataset.asked; button.textContent = '×'; }, 4000);
  };
  return button;
}

for (const type of ['sheets', 'sheet', 'kept', 'discarded', 'sheet-refused']) {
  listen(`server:${type}`, answered);
}
listen('server:hello', ({ keeps }) => {
  hasFolder = keeps;
  showSheets();
  list();
  keep();
  keepAll();
});
// Another page has kept or discarded a sheet.
listen('server:sheets-changed', list);
listen('disconnected', () => {
  waiting?.done(undefined);
  waiting = null;
});
listen('leaving', () => { state.kept = { sheet: null, revision: null }; });
listen('drawing', keep);
listen('answer', keep);
listen('words', showSheets);
document.addEventListener('visibilitychange', () => { if (!document.hidden) list(); });
