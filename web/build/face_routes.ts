// The addresses of the faces while developing: the server answers `/deputy` with deputy.html and so on; Vite's own server must do alike.
import type { Connect, Plugin } from 'vite';

/** The page that answers an address, or undefined when the address is a file's own. */
export function pageFor(path: string): string | undefined {
  if (path === '/deputy' || path.startsWith('/deputy/')) return '/deputy.html';
  if (path === '/desk' || path.startsWith('/desk/')) return '/desk.html';
  if (path === '/join') return '/join.html';
  if (path === '/challenge') return '/challenge.html';
  if (path === '/' || path === '/list' || path === '/figures' || path.startsWith('/sites/')) return '/index.html';
  return undefined;
}

const rewrite: Connect.NextHandleFunction = (request, _response, next) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const page = pageFor(url.pathname);
  if (page) request.url = page + url.search;
  next();
};

/** Serves each face's page at the address it has in production. */
export function faceRoutes(): Plugin {
  return {
    name: 'face-routes',
    configureServer: (server) => {
      server.middlewares.use(rewrite);
    },
    configurePreviewServer: (server) => {
      server.middlewares.use(rewrite);
    },
  };
}
