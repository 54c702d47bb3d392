import { defineConfig } from "vitest/config";

export default defineConfig({
  // Relative, so that the page works under whatever address the shell gives it.
  base: "./",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // The web view that shows this page is WebKitGTK 2.4x or WebView2, both of this age or newer.
    target: ["safari16.4", "chrome111"],
    // The content security policy allows neither data: addresses nor a script that adds links.
    assetsInlineLimit: 0,
    modulePreload: false,
    // One page, read from disk: a second file would only be a second thing that can be missing.
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
    // No network, no time zone of the machine that runs them.
    env: { TZ: "Europe/Amsterdam" },
  },
});
