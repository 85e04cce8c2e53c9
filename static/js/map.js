// The map beside the list: outlines of the land, the searched place, and a numbered marker for each result.
// It reads the list itself, so both always agree, and draws again after htmx has changed the list.
"use strict";
(() => {
  const METRES_A_MILE = 1609.344;
  const MARKER = 30; // pixels: larger than the smallest target that WCAG 2.2 asks for
  let map = null;
  let layer = null;
  let outlines = null;

  function start() {
    const panel = document.getElementById("map-panel");
    if (map && map.getContainer().isConnected) {
      draw();
      return;
    }
    map?.remove();
    map = null;
    if (!panel || typeof L === "undefined") return;
    panel.hidden = false;
    panel.addEventListener("toggle", showMap);
    showMap();
  }

  function showMap() {
    const box = document.getElementById("map");
    if (!box.offsetHeight) return; // folded away on a narrow screen
    if (map) {
      map.invalidateSize();
      draw();
      return;
    }
    const panel = document.getElementById("map-panel");
    map = L.map(box, { scrollWheelZoom: false, zoomSnap: 0.25, maxZoom: 16, minZoom: 3, attributionControl: Boolean(panel.dataset.tiles) });
    if (panel.dataset.tiles) {
      map.attributionControl.setPrefix(false);
      L.tileLayer(panel.dataset.tiles, { attribution: panel.dataset.tilesAttribution, referrerPolicy: "no-referrer" }).addTo(map);
    } else {
      map.once("load", () => addOutlines(panel.dataset.outlines));
    }
    layer = L.layerGroup().addTo(map);
    draw();
  }

  async function addOutlines(address) {
    outlines ??= fetch(address).then((answer) => answer.json());
    const target = map;
    const shapes = await outlines;
    L.geoJSON(shapes, {
      interactive: false,
      filter: (feature) => feature.properties.kind !== "city",
      style: (feature) => ({ className: feature.properties.kind, fill: feature.properties.kind === "land" }),
    }).addTo(target).bringToBack();
    const cities = shapes.features.filter((feature) => feature.properties.kind === "city");
    const labels = L.layerGroup().addTo(target);
    const label = () => {
      labels.clearLayers();
      for (const city of cities) if (target.getZoom() >= city.properties.fromZoom) addLabel(city, labels);
    };
    target.on("zoomend", label);
    label();
  }

  function addLabel({ geometry, properties }, labels) {
    const [longitude, latitude] = geometry.coordinates;
    const icon = L.divIcon({ className: "map-label", iconSize: [120, 16] });
    const marker = L.marker([latitude, longitude], { icon, interactive: false, keyboard: false, zIndexOffset: -1000 });
    marker.addTo(labels);
    marker.getElement().textContent = properties.name;
  }

  function draw() {
    const list = document.getElementById("results");
    layer.clearLayers();
    if (!list) return;
    const here = [Number(list.dataset.latitude), Number(list.dataset.longitude)];
    const radiusMetres = Number(list.dataset.radiusMiles) * METRES_A_MILE;
    const groups = groupByPoint([...list.querySelectorAll("[data-rank]")]);
    const bounds = L.latLngBounds([here, ...groups.map((group) => group.point)]);
    map.fitBounds(bounds.pad(0.15), { animate: false, maxZoom: 13 });
    L.circle(here, { radius: radiusMetres, className: "radius", interactive: false }).addTo(layer);
    L.marker(here, { icon: L.divIcon({ className: "here", iconSize: [16, 16] }), interactive: false, keyboard: false, alt: "" }).addTo(layer);
    for (const group of groups) addMarker(group);
  }

  // Providers who share a building, or who could be placed by ZIP only, share a marker.
  function groupByPoint(items) {
    const groups = new Map();
    for (const item of items) {
      const point = [Number(item.dataset.latitude), Number(item.dataset.longitude)];
      const key = point.map((degrees) => degrees.toFixed(4)).join();
      if (!groups.has(key)) groups.set(key, { point, items: [] });
      groups.get(key).items.push(item);
    }
    return [...groups.values()];
  }

  function addMarker({ point, items }) {
    const ranks = items.map((item) => item.dataset.rank);
    const text = ranks.length > 1 ? `${ranks[0]} +${ranks.length - 1}` : ranks[0];
    const width = Math.max(MARKER, 14 + 8 * text.length);
    const icon = L.divIcon({ className: "marker", iconSize: [width, MARKER] });
    const names = items.map((item) => item.querySelector("h2").textContent.trim());
    const marker = L.marker(point, { icon, zIndexOffset: 1000 - 10 * Number(ranks[0]) });
    marker.bindPopup(() => popup(items));
    marker.on("mouseover focus", () => pointOut(items, true)).on("mouseout blur", () => pointOut(items, false));
    marker.addTo(layer);
    const element = marker.getElement();
    element.textContent = text;
    element.setAttribute("aria-label", ranks.map((rank, index) => `${rank}: ${names[index]}`).join(", "));
    marker.on("popupclose", () => { if (!document.activeElement || document.activeElement === document.body) element.focus(); });
  }

  function pointOut(items, on) {
    for (const item of items) item.classList.toggle("pointed", on);
  }

  function popup(items) {
    const box = document.createElement("div");
    for (const item of items) {
      const line = document.createElement("p");
      const link = item.querySelector("h2 a").cloneNode(true);
      line.append(`${item.dataset.rank}. `, link, ` · ${item.querySelector(".distance").textContent}`);
      box.append(line);
    }
    return box;
  }

  document.addEventListener("DOMContentLoaded", start);
  document.addEventListener("htmx:after:swap", start);
  window.matchMedia("(min-width: 68rem)").addEventListener("change", () => { if (document.getElementById("map-panel")) showMap(); });
})();
