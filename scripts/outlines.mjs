// The map's outlines: land and state lines of the whole country, coarse; coast, county lines and city names near home, fine.
// All are made from the same simplified arcs, so that lines and areas meet exactly.
import { feature, mesh } from "topojson-client";

const HOME = { latitude: 33.8358, longitude: -118.3406 }; // Torrance, California
const NEAR_MILES = 150;
const MILES_A_DEGREE = 69;
const FINE = { tolerance: 0.001, decimals: 3 }; // degrees
const COARSE = { tolerance: 0.03, decimals: 2 };
const MIN_FAR_ISLAND = 0.4; // degrees across

// Names on the map: latitude, longitude (the middle of the city's ZIPs), and from which zoom there is room for it.
const CITIES = [
  ["Los Angeles", 34.05, -118.29, 7],
  ["Long Beach", 33.79, -118.18, 7],
  ["Anaheim", 33.84, -117.91, 7],
  ["San Diego", 32.78, -117.13, 7],
  ["Bakersfield", 35.39, -119.04, 7],
  ["Riverside", 33.93, -117.38, 7],
  ["Santa Barbara", 34.44, -119.72, 7],
  ["Palm Springs", 33.82, -116.53, 7],
  ["San Bernardino", 34.12, -117.29, 8],
  ["Santa Monica", 34.03, -118.49, 9],
  ["Pasadena", 34.15, -118.13, 9],
  ["Irvine", 33.69, -117.79, 9],
  ["Burbank", 34.17, -118.32, 10],
  ["Pomona", 34.07, -117.76, 9],
  ["Oxnard", 34.2, -119.18, 9],
  ["Lancaster", 34.71, -118.15, 9],
  ["Santa Clarita", 34.41, -118.53, 9],
  ["Oceanside", 33.2, -117.33, 9],
  ["Malibu", 34.04, -118.74, 9],
  ["Huntington Beach", 33.7, -118.0, 9],
  ["Torrance", 33.83, -118.33, 9],
  ["Redondo Beach", 33.85, -118.38, 11],
  ["Inglewood", 33.96, -118.35, 10],
  ["Carson", 33.84, -118.26, 11],
  ["Compton", 33.89, -118.22, 10],
  ["Downey", 33.94, -118.13, 10],
  ["Whittier", 33.96, -118.03, 10],
  ["Rancho Palos Verdes", 33.75, -118.37, 10],
  ["Manhattan Beach", 33.89, -118.4, 11],
  ["Gardena", 33.89, -118.3, 11],
  ["Culver City", 34.01, -118.4, 11],
  ["Norwalk", 33.91, -118.08, 11],
  ["El Segundo", 33.92, -118.41, 11],
  ["Lakewood", 33.85, -118.11, 11],
];

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
      ...CITIES.map(([name, latitude, longitude, fromZoom]) => ({
        type: "Feature",
        properties: { kind: "city", name, fromZoom },
        geometry: { type: "Point", coordinates: [longitude, latitude] },
      })),
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

/** Douglas-Peucker: keeps the points that stray more than `tolerance` degrees from the line between their neighbors. */
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
    return ring.length > 3 && (Math.max(...across) > MIN_FAR_ISLAND || ring.some(isNear));
  });
  return { type: "MultiPolygon", coordinates };
}
