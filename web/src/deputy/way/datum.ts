/**
 * Positions as map apps in China expect them: GCJ-02 for AMap and Tencent, BD-09 for Baidu. Everything else in the app is WGS-84; only the
 * address handed to another app is shifted, and only once. The same formulas as in the server's `geodata`, whose fixed points the test has.
 */
import type { Position } from '../../api/wire';

const SEMI_MAJOR_M = 6_378_245;
const ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943;
const radians = (degrees: number) => (degrees * Math.PI) / 180;
const degrees = (angle: number) => (angle * 180) / Math.PI;

/** A wave of so many metres with so many turns in a degree, or with one turn in so many half degrees. */
const wave = (metres: number, angle: number) => metres * Math.sin(angle * Math.PI);

export function gcj02({ lon, lat }: Position): Position {
  const [x, y] = [lon - 105, lat - 35];
  const ripple = ((wave(20, 6 * x) + wave(20, 2 * x)) * 2) / 3;
  const northM =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    ripple +
    ((wave(20, y) + wave(40, y / 3)) * 2) / 3 +
    ((wave(160, y / 12) + wave(320, y / 30)) * 2) / 3;
  const eastM =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * Math.sqrt(Math.abs(x)) +
    ripple +
    ((wave(20, x) + wave(40, x / 3)) * 2) / 3 +
    ((wave(150, x / 12) + wave(300, x / 30)) * 2) / 3;
  const flattening = 1 - ECCENTRICITY_SQUARED * Math.sin(radians(lat)) ** 2;
  const meridianM = (SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)) / (flattening * Math.sqrt(flattening));
  const parallelM = (SEMI_MAJOR_M / Math.sqrt(flattening)) * Math.cos(radians(lat));
  return { lon: lon + degrees(eastM / parallelM), lat: lat + degrees(northM / meridianM) };
}

export function bd09(place: Position): Position {
  const { lon: x, lat: y } = gcj02(place);
  const turns = (Math.PI * 3000) / 180;
  const radius = Math.hypot(x, y) + 0.000_02 * Math.sin(y * turns);
  const angle = Math.atan2(y, x) + 0.000_003 * Math.cos(x * turns);
  return { lon: radius * Math.cos(angle) + 0.0065, lat: radius * Math.sin(angle) + 0.006 };
}
