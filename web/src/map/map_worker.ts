// The map's worker. The library's worker file must be used by name: it is declared free of side effects, so a bare import of it is dropped.
import './engine_gaps';
import * as worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs';

Object.assign(self, { mapWorker: worker });
