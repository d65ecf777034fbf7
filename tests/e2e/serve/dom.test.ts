// The helper in the environments of Vitest that simulate a browser. Their `fetch` sends an Origin, which the server refuses.
import { useRunwayServer } from "runway-preflight/serve";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const server = useRunwayServer({ beforeAll, beforeEach, afterAll });

test("the helper works beside a simulated browser", async () => {
  expect(typeof window).toBe("object");
  await server.next({ status: 503 });
  expect(await server.requests()).toEqual([]);
});
