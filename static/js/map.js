// The map beside the list: outlines of the land, the searched place, and a numbered marker for each result.
// It reads the list itself, so both always agree, and draws again after htmx has changed the list.
// Leaflet is fetched once there is a map to see: on a phone it is folded away, and most never open it.
"use strict";
(() => {
  const METERS_A_MILE = 1609.344;
  const MARKER = 30; // pixels: larger than the smallest target that WCAG 2.2 asks for
  const ROOM = { x: 56, y: 32 }; // pixels that a marker with "10 +9" takes
  let map = null;
  let layer = null;
  let outlines = null;
  let leaflet = null;

  function start() {
    const panel = document.getElementById("map-panel");
    if (map && map.getContainer().isConnected) {
      draw();
      return;
    }
    map?.remove();
    map = null;
    if (!panel) return;
    panel.hidden = false;
    panel.addEventListener("toggle", showMap);
    showMap();
  }

  function fetchLeaflet({ leafletScript, leafletStyle }) {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: leafletStyle });
    const script = Object.assign(document.createElement("script"), { src: leafletScript });
    document.querySelector("link[rel=stylesheet]").after(style); // so that our own rules come later
    document.head.append(script);
    return Promise.all([style, script].map((part) => new Promise((done, failed) => {
      part.addEventListener("load", done);
      part.addEventListener("error", failed);
    })));
  }

  async function showMap() {
    const isFolded = () => !document.getElementById("map")?.checkVisibility();
    if (isFolded()) return; // on a narrow screen
    if (map) {
      map.invalidateSize();
      draw();
      return;
    }
    const panel = document.getElementById("map-panel");
    try {
      await (leaflet ??= fetchLeaflet(panel.dataset));
    } catch {
      leaflet = null; // the list says all that the map would
      panel.hidden = true;
      return;
    }
    if (!map && !isFolded()) makeMap(document.getElementById("map-panel"), document.getElementById("map"));
  }

  function makeMap(panel, box) {
    map = L.map(box, { zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, maxZoom: 16, minZoom: 3, attributionControl: Boolean(panel.dataset.tiles) });
    const { zoomIn, zoomOut } = panel.dataset;
    L.control.zoom({ position: "bottomright", zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map); // popups open at the top
    if (panel.dataset.tiles) {
      map.attributionControl.setPrefix(false);
      L.tileLayer(panel.dataset.tiles, { attribution: panel.dataset.tilesAttribution, referrerPolicy: "no-referrer" }).addTo(map);
    } else {
      map.once("load", () => addOutlines(panel.dataset.outlines));
    }
    box.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
    layer = L.layerGroup().addTo(map);
    draw();
    map.on("zoomend", drawMarkers);
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
    if (!list) return;
    const here = [Number(list.dataset.latitude), Number(list.dataset.longitude)];
    const bounds = L.latLngBounds([here, ...[...list.children].map(pointOf)]);
    map.fitBounds(bounds, { animate: false, maxZoom: 13, paddingTopLeft: [40, 30], paddingBottomRight: [60, 30] });
    drawMarkers();
  }

  function drawMarkers() {
    const list = document.getElementById("results");
    layer.clearLayers();
    if (!list) return;
    const here = [Number(list.dataset.latitude), Number(list.dataset.longitude)];
    const radius = Number(list.dataset.radiusMiles) * METERS_A_MILE;
    L.circle(here, { radius, className: "radius", interactive: false }).addTo(layer);
    L.marker(here, { icon: L.divIcon({ className: "here", iconSize: [16, 16] }), interactive: false, keyboard: false }).addTo(layer);
    for (const group of grouped([...list.children])) addMarker(group);
  }

  function pointOf(item) {
    return [Number(item.dataset.latitude), Number(item.dataset.longitude)];
  }

  // Markers that would cover each other at this zoom become one, at the place of the best ranked.
  function grouped(items) {
    const groups = [];
    for (const item of items) {
      const point = pointOf(item);
      const { x, y } = map.project(point);
      const group = groups.find((other) => Math.abs(other.x - x) < ROOM.x && Math.abs(other.y - y) < ROOM.y);
      if (group) group.items.push(item);
      else groups.push({ point, x, y, items: [item] });
    }
    return groups;
  }

  function addMarker({ point, items }) {
    const ranks = items.map((item) => item.dataset.rank);
    const text = ranks.length > 1 ? `${ranks[0]} +${ranks.length - 1}` : ranks[0];
    const width = Math.max(MARKER, 12 + 8 * text.length);
    const icon = L.divIcon({ className: "marker", iconSize: [width, MARKER] });
    const names = items.map((item) => item.querySelector("h2").textContent.trim());
    const marker = L.marker(point, { icon, zIndexOffset: 1000 - 10 * Number(ranks[0]) });
    const { x, y } = map.getSize();
    marker.bindPopup(() => popup(items), { maxWidth: Math.min(280, x - 80), maxHeight: y - 90, autoPanPadding: [12, 12] });
    marker.addTo(layer);
    const element = marker.getElement();
    element.textContent = text;
    element.setAttribute("aria-label", ranks.map((rank, index) => `${rank}: ${names[index]}`).join(", "));
    for (const type of ["mouseenter", "focus"]) element.addEventListener(type, () => pointOut(items, true));
    for (const type of ["mouseleave", "blur"]) element.addEventListener(type, () => pointOut(items, false));
    // The keyboard goes into the popup (which the map pans into view itself) and, once it closes, back to its marker.
    marker.on("popupopen", ({ popup }) => {
      const { close } = document.getElementById("map-panel").dataset;
      popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", close);
      popup.getElement().querySelector("a").focus({ preventScroll: true });
    });
    marker.on("popupclose", ({ popup }) => { if (popup.getElement().contains(document.activeElement)) element.focus(); });
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

  document.addEventListener("click", ({ target }) => {
    if (target.closest(".map-link")) document.getElementById("map-panel").open = true;
  });
  window.addEventListener("load", start); // after the list, which is what most look at
  document.addEventListener("htmx:after:swap", start);
  window.matchMedia("(min-width: 78rem)").addEventListener("change", () => { if (document.getElementById("map-panel")) showMap(); });
})();
