// The map's outlines: land and state lines of the whole country, coarse; coast and county lines near home, fine.
// All are made from the same simplified arcs, so that lines and areas meet exactly.
import { feature, mesh } from "topojson-client";

const HOME = { latitude: 33.8358, longitude: -118.3406 }; // Torrance, California
const NEAR_MILES = 150;
const MILES_A_DEGREE = 69;
const FINE = { tolerance: 0.001, decimals: 3 }; // degrees
const COARSE = { tolerance: 0.03, decimals: 2 };
const SMALLEST_FAR_ISLAND = 0.4; // degrees across

export function trimmedOutlines(atlas) {
  const topology = simplified(atlas);
  const { counties, states, nation } = topology.objects;
  const land = feature(topology, nation).features.map((one) => withoutSmallIslands(one.geometry));
  const near = { ...counties, geometries: counties.geometries.filter((county) => touchesNear(topology, county)) };
  return {
    type: "FeatureCollection",
    features: [
      ...land.map((geometry) => ({ type: "Feature", properties: { kind: "land" }, geometry })),
      line("state", mesh(topology, states, (a, b) => a !== b)),
      line("county", mesh(topology, near, (a, b) => a !== b)),
    ],
  };
}

function line(kind, geometry) {
  return { type: "Feature", properties: { kind }, geometry };
}

/** The topology with plain coordinates (no delta coding), each arc thinned and rounded by how far away it lies. */
function simplified(atlas) {
  const { scale, translate } = atlas.transform;
  const ends = new Map(); // arcs that met before rounding meet after it, or areas would not close
  const arcs = atlas.arcs.map((arc) => {
    let x = 0;
    let y = 0;
    const points = arc.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
    const { tolerance, decimals } = points.some(isNear) ? FINE : COARSE;
    const kept = thinned(points, tolerance);
    const rounded = kept.map((point) => point.map((degrees) => Number(degrees.toFixed(decimals))));
    for (const index of [0, kept.length - 1]) {
      const key = kept[index].join();
      if (!ends.has(key)) ends.set(key, rounded[index]);
      rounded[index] = ends.get(key);
    }
    return rounded;
  });
  return { type: "Topology", objects: atlas.objects, arcs };
}

function isNear([longitude, latitude]) {
  const north = latitude - HOME.latitude;
  const east = (longitude - HOME.longitude) * Math.cos((HOME.latitude * Math.PI) / 180);
  return Math.hypot(north, east) * MILES_A_DEGREE < NEAR_MILES;
}

function touchesNear(topology, county) {
  const polygons = county.type === "Polygon" ? [county.arcs] : county.arcs;
  return polygons.flat(2).some((index) => topology.arcs[index < 0 ? ~index : index].some(isNear));
}

/** Douglas-Peucker: keeps the points that stray more than `tolerance` degrees from the line between their neighbours. */
function thinned(points, tolerance) {
  if (points.length < 3) return points;
  const first = points[0];
  const last = points.at(-1);
  let farthest = 0;
  let index = 0;
  for (let i = 1; i < points.length - 1; i += 1) {
    const away = distanceFromLine(points[i], first, last);
    if (away > farthest) [farthest, index] = [away, i];
  }
  if (farthest <= tolerance) return [first, last];
  return [...thinned(points.slice(0, index + 1), tolerance).slice(0, -1), ...thinned(points.slice(index), tolerance)];
}

function distanceFromLine([x, y], [x1, y1], [x2, y2]) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length === 0) return Math.hypot(x - x1, y - y1);
  return Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length;
}

function withoutSmallIslands(geometry) {
  const coordinates = geometry.coordinates.filter(([ring]) => {
    const across = [0, 1].map((axis) => {
      const values = ring.map((point) => point[axis]);
      return Math.max(...values) - Math.min(...values);
    });
    return ring.length > 3 && (Math.max(...across) > SMALLEST_FAR_ISLAND || ring.some(isNear));
  });
  return { type: "MultiPolygon", coordinates };
}
