// Calls the official Node SDK once for each row of calls.json, against a recorder on loopback, and prints what it sent.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import RunwayML from "@runwayml/sdk";

const recorded = [];
const server = createServer(async (request, response) => {
  let text = "";
  for await (const piece of request) text += piece;
  const endpoint = request.url.replace("/v1/", "").replace(/\/00000000-[0-9a-f-]*/, "");
  const method = request.method === "PATCH" ? ":patch" : "";
  recorded.push({ endpoint: endpoint + method, body: JSON.parse(text) });
  response.setHeader("Content-Type", "application/json");
  response.end('{"id": "00000000-0000-4000-8000-000000000000"}');
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));

const client = new RunwayML({ apiKey: "none", baseURL: `http://127.0.0.1:${server.address().port}`, maxRetries: 0 });
for (const [call, ...parameters] of JSON.parse(readFileSync("calls.json", "utf8"))) {
  const names = call.split(".");
  const method = names.pop();
  const resource = names.reduce((resource, name) => resource[name], client);
  await resource[method](...parameters);
}
server.close();
console.log(`[\n${recorded.map((request) => JSON.stringify(request)).join(",\n")}\n]`);
