/** The page as files that a coordinator serves: nothing inline, nothing from elsewhere, so that its strict policy holds. */
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // Images as data: URLs, and scripts that put other scripts into the page, are what the policy forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What is passed on names those who wrote it.
    license: { fileName: 'licences.txt' },
    reportCompressedSize: false,
  },
});
