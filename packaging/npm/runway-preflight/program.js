// Finds the program in the package of this platform.
"use strict";

/** The package that holds the program for this platform. */
const platform = `runway-preflight-${process.platform}-${process.arch}`;

/** Returns the path of the program; throws if the package is missing. */
function program() {
  const file = process.platform === "win32" ? "runway-preflight.exe" : "runway-preflight";
  return require.resolve(`${platform}/bin/${file}`);
}

exports.platform = platform;
exports.program = program;
