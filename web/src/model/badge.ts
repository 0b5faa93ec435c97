/** The unread count in the title, and a dot on the icon of the tab. */
export function showUnread(count: number): void {
  document.title = count === 0 ? "Mailproof" : `(${count}) Mailproof`;
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const icon = `data:image/svg+xml,${encodeURIComponent(drawing(count > 0))}`;
  if (link !== null && link.href !== icon) link.href = icon;
}

function drawing(unread: boolean): string {
  const dot = unread ? '<circle cx="25" cy="7" r="6.5" fill="#e5484d" stroke="#fff" stroke-width="2"/>' : "";
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f5fbf"/>' +
    '<g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">' +
    `<rect x="5.5" y="8.5" width="21" height="15.5" rx="2.5"/><path d="m9.5 14 4.5 4.5 8.5-8"/></g>${dot}</svg>`
  );
}
