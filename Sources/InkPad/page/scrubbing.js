// A number in the answer is dragged, or changed by the arrow keys, and its line is worked out anew.
import { $, state, tell } from './state.js';
import { lines } from './answers.js';
import { ask } from './conversation.js';
import { keepForUndo } from './ink.js';
import { NUMBER } from './panel.js';
import { type } from './typed.js';

const STEP = 9;                         // how far a drag goes from a number to the next, in CSS pixels
let drag = null;                        // { x, line, number, text: as it was, steps }

/// The text of a line in which a number is so many steps larger, in its last place.
function changed(text, number, steps) {
  let place = -1;
  return text.replace(NUMBER, (one) => {
    place += 1;
    if (place !== number) return one;
    const digits = one.split('.')[1]?.length ?? 0;
    return Math.max(0, Number(one) + steps / 10 ** digits).toFixed(digits);
  });
}

async function tryText(line, text) {
  if (state.typed) return type(text);
  const asked = state.answer;
  const found = await ask('text', { text });
  if (!found || asked !== state.answer) return;
  if (!state.tried) keepForUndo();
  state.tried = { line, answer: found };
  tell('answer');
}

const target = (event) => event.target.closest?.('[data-number]');

$('lines').addEventListener('pointerdown', (event) => {
  const mark = target(event);
  if (!mark || event.button !== 0) return;
  event.preventDefault();
  const line = Number(mark.dataset.line);
  drag = { x: event.clientX, line, number: Number(mark.dataset.number), text: lines()[line].expression, steps: 0 };
  mark.focus();
  // The list stays where its rows are made anew.
  $('lines').setPointerCapture(event.pointerId);
});

$('lines').addEventListener('pointermove', (event) => {
  if (!drag) return;
  const steps = Math.round((event.clientX - drag.x) / STEP);
  if (steps === drag.steps) return;
  drag.steps = steps;
  tryText(drag.line, changed(drag.text, drag.number, steps));
});

for (const end of ['pointerup', 'pointercancel']) $('lines').addEventListener(end, () => { drag = null; });

$('lines').addEventListener('keydown', (event) => {
  const mark = target(event);
  const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
  if (!mark || !steps) return;
  event.preventDefault();
  event.stopPropagation();
  const line = Number(mark.dataset.line);
  tryText(line, changed(lines()[line].expression, Number(mark.dataset.number), steps));
});
