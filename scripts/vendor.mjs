// Copies the browser's parts from node_modules to static/vendor, and cuts the map's outlines from us-atlas.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { trimmedOutlines } from "./outlines.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const MODULES = join(ROOT, "node_modules");
const VENDOR = join(ROOT, "static", "vendor");

const COPIES = {
  "htmx.org/dist/htmx.min.js": "htmx.min.js",
  "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
  "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
  "leaflet/dist/images": "leaflet/images",
  "protomaps-leaflet/dist/protomaps-leaflet.js": "protomaps-leaflet.js",
  "@picocss/pico/css/pico.min.css": "pico.min.css",
  "dejavu-fonts-ttf/ttf/DejaVuSans.ttf": "fonts/DejaVuSans.ttf",
  "dejavu-fonts-ttf/ttf/DejaVuSerif-Bold.ttf": "fonts/DejaVuSerif-Bold.ttf",
};
const ATLAS = join(MODULES, "us-atlas", "counties-10m.json");

const missing = [...Object.keys(COPIES).map((name) => join(MODULES, name)), ATLAS].filter((path) => !existsSync(path));
if (missing.length > 0) {
  console.error(`Missing: ${missing.join(", ")}. Run: bash scripts/vendor.sh`);
  process.exit(1);
}

rmSync(VENDOR, { recursive: true, force: true });
mkdirSync(VENDOR, { recursive: true });
for (const [from, to] of Object.entries(COPIES)) {
  cpSync(join(MODULES, from), join(VENDOR, to), { recursive: true });
}
// The last line of these names a source map, which is not served.
for (const name of [join("leaflet", "leaflet.js"), "protomaps-leaflet.js"]) {
  const script = join(VENDOR, name);
  writeFileSync(script, readFileSync(script, "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

const outlines = JSON.stringify(trimmedOutlines(JSON.parse(readFileSync(ATLAS, "utf8"))));
writeFileSync(join(VENDOR, "outlines.json"), outlines);
console.log(`static/vendor is ready; map outlines take ${Math.round(gzipSync(outlines).length / 1024)} kB compressed.`);
