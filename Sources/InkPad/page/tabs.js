// Which of the browser's tabs this is, and which others live. Browsers know that by locks; over a network
// without TLS there are none, and the tabs ask each other.
import { hear, tellTabs } from './store.js';

const PATIENCE = 1000;                  // for so long a page that is reloaded may still hold its name, in ms
const ANSWERS = 250;                    // so long it takes living tabs to say so, in ms
const LOCK = 'ink-pad.tab.';

const page = newName();                 // this page, until it is left
let own = null;                         // the tab's name, once it is its own
const answers = new Map();              // who has answered: page -> name

function newName() { return [...crypto.getRandomValues(new Uint32Array(2))].join('-'); }

/// The name that this tab had before it was reloaded; a tab that was doubled has it too.
function remembered() {
  try { return sessionStorage.getItem('ink-pad.tab'); } catch { return null; }
}

function take(name) {
  own = name;
  try { sessionStorage.setItem('ink-pad.tab', name); } catch { /* it is a new tab each time */ }
  return name;
}

/// Holds a name until the page is left; false where another page has it.
const hold = (name) => new Promise((done) => {
  const options = { signal: AbortSignal.timeout(PATIENCE) };
  navigator.locks.request(LOCK + name, options, () => { done(true); return new Promise(() => {}); })
    .catch(() => done(false));
});

async function isFree(name) {
  if (navigator.locks) return hold(name);
  return !(await living()).has(name);
}

/// The tabs that live, by their names, but for this one.
export async function living() {
  if (!navigator.locks) {
    answers.clear();
    tellTabs('who', { page });
    await new Promise((done) => { setTimeout(done, ANSWERS); });
    return new Set(answers.values());
  }
  const { held, pending } = await navigator.locks.query();
  const names = [...held, ...pending].map(({ name }) => name).filter((name) => name.startsWith(LOCK));
  return new Set(names.map((name) => name.slice(LOCK.length)).filter((name) => name !== own));
}

/// One tab after the other, where browsers can do that.
export const inTurn = (action) => navigator.locks ? navigator.locks.request('ink-pad.sheets', action) : action();

/// This tab's name, and the name of the tab that it is a double of.
async function find() {
  const before = remembered();
  if (before && await isFree(before)) return { name: take(before), twin: null };
  const name = newName();
  if (navigator.locks) await hold(name);
  return { name: take(name), twin: before };
}

hear('who', () => { if (own) tellTabs('here', { page, name: own }); });
hear('here', (other) => answers.set(other.page, other.name));

export const tab = find();
