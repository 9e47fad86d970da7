// Builds everything a browser loads into $PINAPP_VAR/build (default var/build): no network, under a second.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ICONS } from "./icons.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.dirname(HERE);
const OUT = path.resolve(ROOT, process.env.PINAPP_VAR ?? "var", "build");

async function bundle() {
  await build({
    absWorkingDir: ROOT,
    entryPoints: { app: "static/js/app.js", theme: "static/js/theme.js", admin: "static/js/admin.js" },
    outdir: OUT,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    sourcemap: "external",
    legalComments: "none",
    logLevel: "warning",
  });
  // What publishers load: for browsers of some age, and with nothing along that it does not need.
  await build({
    absWorkingDir: ROOT,
    entryPoints: { pinit: "static/pinit/pinit.js" },
    outdir: OUT,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2020",
    legalComments: "none",
    logLevel: "warning",
  });
  await build({
    absWorkingDir: ROOT,
    entryPoints: { app: "static/css/app.css", admin: "static/css/admin.css" },
    outdir: OUT,
    bundle: true,
    minify: true,
    target: ["chrome120", "firefox121", "safari17.4"],
    sourcemap: "external",
    loader: { ".woff2": "file" },
    // The hash makes a font's address change with its content, so it may be cached for ever.
    assetNames: "fonts/[name]-[hash]",
    logLevel: "warning",
  });
}

async function readSymbol(name) {
  const file = path.join(ROOT, "node_modules", "lucide-static", "icons", `${name}.svg`);
  const svg = await readFile(file, "utf8");
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
}

async function writeSprite() {
  const symbols = await Promise.all([...ICONS].sort().map(readSymbol));
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
  await writeFile(path.join(OUT, "icons.svg"), sprite);
}

// What is shipped to browsers: their licences ask that the notice goes along.
const SHIPPED = [
  "htmx.org",
  "lucide-static",
  "@fontsource-variable/figtree",
  "@fontsource-variable/bricolage-grotesque",
];

async function writeLicences() {
  const notices = await Promise.all(
    SHIPPED.map(async (name) => {
      const text = await readFile(path.join(ROOT, "node_modules", name, "LICENSE"), "utf8");
      return `${name}\n\n${text.trim()}\n`;
    }),
  );
  await writeFile(path.join(OUT, "licences.txt"), notices.join("\n\n"));
}

const startedAt = performance.now();
await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await Promise.all([bundle(), writeSprite(), writeLicences()]);
const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
console.log(`Assets built into ${path.relative(ROOT, OUT) || OUT} in ${seconds} s`);
