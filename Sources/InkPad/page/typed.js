// Sums that are typed, for those who cannot draw: they are worked out as they grow.
import { $, listen, state, tell } from './state.js';
import { ask } from './conversation.js';

/// Works out a text in place of the drawing; an empty one gives the drawing back.
export async function type(text) {
  if ($('typed').value !== text) $('typed').value = text;
  const asked = text.trim();
  // An object is no sum, and the server would refuse it.
  const found = asked && !asked.startsWith('{') ? await ask('text', { text: asked }) : null;
  if (found === undefined || $('typed').value !== text) return;
  state.typed = found;
  tell('answer');
}

// Who draws wants to see what was drawn.
listen('drawing', () => { if ($('typed').value) type(''); });

$('typed').addEventListener('input', () => type($('typed').value));
$('typed').addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  event.stopPropagation();
  type('');
  $('sheet').focus();
});
