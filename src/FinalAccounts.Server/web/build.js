// Bundles the pages' scripts: node build.js <folder for the output>. What comes out needs no other file and no network.
import { build } from "esbuild";

await build({
  entryPoints: ["app.js", "charts.js"],
  outdir: process.argv[2],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
