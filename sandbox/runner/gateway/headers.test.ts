import { describe, expect, it } from "vitest";
import { changed, endToEnd, type Header, headersOf, rawHeaders, withForwardedFor } from "./headers.ts";

describe("headers between hops", () => {
  it("end at this hop where RFC 9110 says so", () => {
    const own: Header[] = [
      ["Connection", "keep-alive, X-Mine"],
      ["Keep-Alive", "timeout=5"],
      ["Proxy-Connection", "keep-alive"],
      ["Proxy-Authorization", "Basic x"],
      ["TE", "trailers"],
      ["Trailer", "X-Sum"],
      ["Transfer-Encoding", "chunked"],
      ["Upgrade", "h2c"],
      ["Expect", "100-continue"],
      ["x-mine", "1"],
      ["Cookie", "a=1"],
      ["cookie", "b=2"],
    ];
    expect(endToEnd(own)).toEqual([
      ["Cookie", "a=1"],
      ["cookie", "b=2"],
    ]);
  });

  it("keep host and length, whatever Connection names", () => {
    const own: Header[] = [
      ["Host", "a"],
      ["Content-Length", "3"],
      ["connection", "host"],
      ["Connection", "Content-Length"],
    ];
    expect(endToEnd(own)).toEqual([
      ["Host", "a"],
      ["Content-Length", "3"],
    ]);
  });

  it("come from and go to Node's form as they are", () => {
    const raw = ["Set-Cookie", "a", "set-cookie", "b"];
    expect(rawHeaders(headersOf(raw))).toEqual(raw);
  });
});

describe("X-Forwarded-For", () => {
  it("is Envoy's example 1: what the client wrote, then its address", () => {
    const said: Header[] = [["X-Forwarded-For", "203.0.113.128, 203.0.113.10, 203.0.113.1"]];
    expect(withForwardedFor(said, "192.0.2.5")).toEqual([
      ["X-Forwarded-For", "203.0.113.128, 203.0.113.10, 203.0.113.1,192.0.2.5"],
    ]);
  });

  it("is one line with the address last, however many lines the client sends", () => {
    const said: Header[] = [
      ["x-forwarded-for", "1.1.1.1"],
      ["A", "b"],
      ["X-FORWARDED-FOR", "2.2.2.2"],
    ];
    expect(withForwardedFor(said, "192.0.2.5")).toEqual([
      ["A", "b"],
      ["X-Forwarded-For", "1.1.1.1,2.2.2.2,192.0.2.5"],
    ]);
  });
});

describe("a header filter", () => {
  it("sets over every line, adds a line and removes all, whatever the case", () => {
    const before: Header[] = [
      ["x-forwarded-proto", "http"],
      ["X-Forwarded-Proto", "ftp"],
      ["REMOTE-USER", "admin"],
      ["X-More", "1"],
      ["Set-Cookie", "a"],
      ["Set-Cookie", "b"],
    ];
    const change = {
      set: [["X-Forwarded-Proto", "https"]],
      add: [["X-More", "2"]],
      remove: ["Remote-User"],
    } as const;
    expect(changed(before, change)).toEqual([
      ["X-More", "1"],
      ["Set-Cookie", "a"],
      ["Set-Cookie", "b"],
      ["X-Forwarded-Proto", "https"],
      ["X-More", "2"],
    ]);
  });
});
