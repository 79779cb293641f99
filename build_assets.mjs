// Builds what the product serves of other people's front-end packages, from the locked npm packages into ./assets.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { compileString } from "sass";

const require = createRequire(import.meta.url);
const NHSUK = "node_modules/nhsuk-frontend/dist/nhsuk";
const PLOTLY = "node_modules/plotly.js-strict-dist-min";

// The NHS identity's typeface is licensed to NHS bodies and is served from another host: leave it out.
function buildNHS() {
  mkdirSync("assets/nhsuk/images", { recursive: true });
  const source = `@use "nhsuk" with ($nhsuk-include-font-face: false, $nhsuk-font: Arial, $nhsuk-assets-path: "./");`;
  const { css } = compileString(source, { loadPaths: [NHSUK], style: "compressed", quietDeps: true, silenceDeprecations: ["import"] });
  if (/https?:\/\/(?!www\.w3\.org)/.test(css)) throw new Error("The compiled NHS style names another host.");
  writeFileSync("assets/nhsuk/nhsuk.css", css);
  cpSync(`${NHSUK}/assets/images`, "assets/nhsuk/images", { recursive: true });
  const script = readFileSync(`${NHSUK}/nhsuk-frontend.min.js`, "utf8").replace(/\/\/# sourceMappingURL=.*$/m, "");
  // It is a module that starts nothing by itself; a page may hold no inline script to do so.
  writeFileSync("assets/nhsuk/nhsuk-frontend.min.js", `${script}\ninitAll();\n`);
}

// plotly writes its style rules into a <style> element, which the content security policy refuses; it leaves that out
// when it finds a stylesheet with the right id, so its own rules are lifted out of the bundle into a file.
function plotlyStyle(bundle) {
  const rules = [...bundle.matchAll(/(?:"([XY][ ,][^"]*)"|\b([XY])):(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g)]
    .map(([, quoted, bare, double, single]) => [quoted ?? bare, double ?? single])
    .filter(([, body]) => body.endsWith(";"));
  if (rules.length < 20) throw new Error(`Found only ${rules.length} style rules in the plotly bundle.`);
  const named = (selector) => selector.replaceAll("X", ".js-plotly-plot .plotly").replaceAll("Y", ".plotly-notifier");
  return rules.map(([selector, body]) => `${named(selector)} {${body}}`).join("\n") + "\n";
}

function buildPlotly() {
  mkdirSync("assets/plotly", { recursive: true });
  const bundle = readFileSync(require.resolve(`./${PLOTLY}/plotly-strict.min.js`), "utf8");
  writeFileSync("assets/plotly/plotly-strict.min.js", bundle.replace(/\/\/# sourceMappingURL=.*$/m, ""));
  writeFileSync("assets/plotly/plotly.css", plotlyStyle(bundle));
}

rmSync("assets", { recursive: true, force: true });
buildNHS();
buildPlotly();
console.log("Built ./assets");
