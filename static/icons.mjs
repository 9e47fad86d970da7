// The icons the templates use, by their lucide names; a missing name fails the build.
export const ICONS = [
  "archive", "arrow-down", "arrow-up", "arrow-left", "arrow-right", "arrow-up-right", "bell", "calendar", "calendar-clock",
  "calendar-days", "chart-no-axes-column", "check", "chevron-down", "chevron-left", "chevron-right",
  "chevrons-up-down", "circle-alert", "circle-check", "circle-help", "circle-pause", "circle-x",
  "clock", "clock-alert", "copy", "copy-plus", "download", "ellipsis", "eye", "eye-off", "file-pen-line", "folder", "globe",
  "image", "image-off", "image-plus", "images", "inbox", "info", "key-round", "layout-dashboard", "layout-grid",
  "link", "link-2-off", "loader-circle", "lock", "log-out", "mail", "mail-check", "menu", "monitor", "mouse-pointer-click",
  "moon", "pencil", "pin", "plug", "plus", "printer", "refresh-cw", "search", "send", "settings", "shield-check",
  "sparkles", "sun", "tag", "trash-2", "triangle-alert", "undo-2", "unplug", "upload", "user",
  "user-plus", "users", "video", "x", "zap", "circle-play", "list-ordered", "sliders-horizontal",
];
