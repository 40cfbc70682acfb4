// What the parts of the page share: the state, word of its changes, and what the browser remembers.

export const $ = (id) => document.getElementById(id);

/// What the browser keeps of this page from one visit to the next.
export const remembered = {
  get(key) { try { return localStorage.getItem(`ink-pad.${key}`); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`ink-pad.${key}`, value); } catch { /* a full disk */ } },
};

/// The one state of the page: each part writes its own members, and any part reads them.
export const state = {
  // words.js
  language: 'en',
  // ink.js: a stroke is { id, points: [[x, y], ...] } and never changes; a drawing is an array of them
  strokes: [],
  past: [],                             // what can be undone
  future: [],                           // and done again
  view: { scale: 1, x: 0, y: 0 },       // from the drawing's units to the sheet's
  // gestures.js
  pointer: null,                        // the pointer that draws
  current: null,                        // the stroke that is being drawn, in the drawing's units
  isEraser: false,
  // conversation.js
  health: { ink: 'starting', digit: 'starting', text: 'starting' },
  socket: null,
  // answers.js
  mode: remembered.get('mode') === 'digit' ? 'digit' : 'ink',
  answer: null,                         // of the drawing as it is, or of an older one for a moment
  corrected: null,                      // the answer with what was chosen by hand
  corrections: new Map(),               // characters chosen by hand, by the strokes they stand for
  isAnswered: false,                    // whether the answer is of the drawing as it is
  shown: '',                            // what is shown, as a text
  // paper.js
  showsGroups: remembered.get('groups') === 'yes',
  // history.js
  entries: [],
};

const listeners = new Map();

/// Does something whenever there is word of a change: 'drawing', 'view', 'answer', 'words', 'health'.
export function listen(change, action) {
  listeners.set(change, [...listeners.get(change) ?? [], action]);
}

/// Gives word of a change, in the order in which the listeners came.
export function tell(change, detail) {
  for (const action of listeners.get(change) ?? []) action(detail);
}
