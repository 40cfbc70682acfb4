// What a character could be: the likeliest first, then all others.
import { $, state } from './state.js';
import { percent, pretty, spoken, t } from './words.js';
import { choose } from './ink.js';
import { showMenu } from './menus.js';

/// Offers the characters that some strokes could be, beside their mark.
export function offer(character, anchor) {
  const likely = character.top.filter(([text]) => text !== ALPHABET.none);
  if (!likely.some(([text]) => text === character.text)) likely.unshift([character.text, null]);
  const rest = ALPHABET.entries.map(({ text }) => text).filter((text) => !likely.some(([one]) => one === text));
  $('choices').replaceChildren(
    ...[...likely, ...rest.map((text) => [text, null]), [ALPHABET.none, null]]
      .map(([text, probability]) => item(character, text, probability)));
  showMenu($('choices'), anchor);
}

function item(character, text, probability) {
  const button = document.createElement('button');
  const isNone = text === ALPHABET.none;
  button.type = 'button';
  button.setAttribute('role', 'menuitemradio');
  button.setAttribute('aria-checked', text === character.text);
  button.dataset.character = text;
  button.setAttribute('aria-label', isNone ? t().none : spoken(text));
  button.append(isNone ? t().none : pretty(text));
  button.classList.toggle('none', isNone);
  if (probability >= 0.05) {
    const small = document.createElement('small');
    small.textContent = percent(probability);
    button.append(small);
  }
  button.onclick = () => {
    $('choices').hidePopover();
    const { ids, read, top } = character;
    // What was read first is read again, and not held.
    const isOwn = character.isChosen && text === read;
    choose(ids, isOwn ? null : { text, read, top });
  };
  return button;
}

