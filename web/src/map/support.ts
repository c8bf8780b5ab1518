// Whether this browser can draw the map at all; asked before the map's code is fetched.

/** WebGL2 is there and can really be opened. */
export function canDrawMap(): boolean {
  try {
    const context = document.createElement('canvas').getContext('webgl2');
    context?.getExtension('WEBGL_lose_context')?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}
