// The worker file ships without types; nothing of it is called here, it only has to be there.
declare module 'maplibre-gl/dist/maplibre-gl-worker.mjs';
