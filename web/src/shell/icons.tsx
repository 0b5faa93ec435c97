/** The few drawings of the page, on a grid of 16. */
import type { ComponentChildren, VNode } from "preact";

function Icon({ children, size = 16 }: { children: ComponentChildren; size?: number }): VNode {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

/** The name's mark: an envelope whose flap is a tick. */
export function Mark(): VNode {
  return (
    <svg class="brand-mark" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
      <rect class="paper" x="2" y="4.5" width="20" height="15" rx="3" />
      <path class="tick" d="m6.5 10.5 4 4 7.5-7" />
    </svg>
  );
}

export const SearchIcon = (): VNode => (
  <Icon>
    <circle cx="7" cy="7" r="4.25" />
    <path d="m10.25 10.25 3.25 3.25" />
  </Icon>
);
export const BoltIcon = (): VNode => (
  <Icon>
    <path d="M9 1.75 3.5 9H8l-1 5.25L12.5 7H8z" />
  </Icon>
);
export const SunIcon = (): VNode => (
  <Icon>
    <circle cx="8" cy="8" r="2.75" />
    <path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9" />
  </Icon>
);
export const MoonIcon = (): VNode => (
  <Icon>
    <path d="M13.25 9.5A5.6 5.6 0 0 1 6.5 2.75a5.6 5.6 0 1 0 6.75 6.75z" />
  </Icon>
);
export const AutoIcon = (): VNode => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <path class="solid" d="M8 2.5a5.5 5.5 0 0 1 0 11z" />
  </Icon>
);
export const TrashIcon = (): VNode => (
  <Icon>
    <path d="M2.75 4.25h10.5M6.25 4V2.5h3.5V4M4 4.5l.6 9h6.8l.6-9M6.75 7v4M9.25 7v4" />
  </Icon>
);
export const ClipIcon = (): VNode => (
  <Icon size={14}>
    <path d="m13 7.5-5.25 5.25a3.2 3.2 0 0 1-4.5-4.5L8.75 2.75a2.1 2.1 0 0 1 3 3l-5.25 5.25a1 1 0 0 1-1.5-1.5L9.75 4.75" />
  </Icon>
);
export const WarningIcon = (): VNode => (
  <Icon size={14}>
    <path d="M8 2.25 1.75 13.25h12.5zM8 6.5v3.25M8 11.5v.25" />
  </Icon>
);
export const CopyIcon = (): VNode => (
  <Icon size={14}>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
    <path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />
  </Icon>
);
export const CheckIcon = (): VNode => (
  <Icon size={14}>
    <path d="m3 8.5 3.25 3.25L13 4.5" />
  </Icon>
);
export const CloseIcon = (): VNode => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);
export const BackIcon = (): VNode => (
  <Icon>
    <path d="M9.5 3.5 5 8l4.5 4.5" />
  </Icon>
);
export const DownloadIcon = (): VNode => (
  <Icon>
    <path d="M8 2.5v7.75M4.75 7 8 10.25 11.25 7M3 13.25h10" />
  </Icon>
);
export const OpenIcon = (): VNode => (
  <Icon>
    <path d="M9.5 2.75h3.75V6.5M13 3 7.5 8.5M11.5 9.5v3.25h-8.75V4h3.75" />
  </Icon>
);
export const UnreadIcon = (): VNode => (
  <Icon>
    <rect x="2" y="4" width="12" height="8.5" rx="1.5" />
    <path d="m2.5 5 5.5 4.25L13.5 5" />
  </Icon>
);
export const PhoneIcon = (): VNode => (
  <Icon>
    <rect x="4.5" y="1.75" width="7" height="12.5" rx="1.5" />
    <path d="M7.25 12h1.5" />
  </Icon>
);
export const TabletIcon = (): VNode => (
  <Icon>
    <rect x="2.75" y="1.75" width="10.5" height="12.5" rx="1.5" />
    <path d="M7.25 12h1.5" />
  </Icon>
);
export const FullIcon = (): VNode => (
  <Icon>
    <path d="M1.75 8h12.5M4.25 5.25 1.5 8l2.75 2.75M11.75 5.25 14.5 8l-2.75 2.75" />
  </Icon>
);
