// Menus that open beside what they belong to, and the arrow keys in them.
import { $ } from './state.js';

export function showMenu(menu, anchor) {
  menu.showPopover();
  place(menu, anchor);
  anchor.setAttribute('aria-expanded', 'true');
  menu.addEventListener('toggle', () => anchor.setAttribute('aria-expanded', 'false'), { once: true });
  (menu.querySelector('[aria-checked="true"]') ?? menu.querySelector('button'))?.focus();
}

function place(menu, anchor) {
  const frame = anchor.getBoundingClientRect();
  const below = frame.bottom + 6;
  const top = below + menu.offsetHeight < innerHeight ? below : frame.top - menu.offsetHeight - 6;
  menu.style.left = `${Math.max(8, Math.min(frame.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(top, innerHeight - menu.offsetHeight - 8))}px`;
}

for (const menu of document.querySelectorAll('[role="menu"]')) {
  menu.addEventListener('keydown', (event) => {
    const items = [...menu.querySelectorAll('button:not(:disabled)')];
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  });
}

for (const button of document.querySelectorAll('[popovertarget][aria-haspopup="menu"]')) {
  const menu = $(button.getAttribute('popovertarget'));
  menu.addEventListener('toggle', (event) => {
    if (event.newState !== 'open') return;
    place(menu, button);
    menu.querySelector('button:not(:disabled)').focus();
  });
}
