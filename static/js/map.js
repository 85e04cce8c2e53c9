// The map beside the list: the searched place, and a numbered marker for each result, on the ground of basemap.js.
// It reads the list itself, so both always agree, and draws again after htmx has changed the list.
// Its parts are fetched once there is a map to see: on a phone it is folded away, and most never open it.
"use strict";
(() => {
  const METERS_A_MILE = 1609.344;
  let map = null;
  let layer = null;

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
      await basemap.load(panel.dataset);
    } catch {
      panel.hidden = true; // the list says all that the map would
      return;
    }
    if (!map && !isFolded()) makeMap(document.getElementById("map-panel"), document.getElementById("map"));
  }

  function makeMap(panel, box) {
    map = basemap.make(box, panel.dataset);
    layer = L.layerGroup().addTo(map);
    draw();
    map.on("zoomend", drawMarkers);
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
    basemap.addMarkers(map, layer, [...list.children].map(asItem), document.getElementById("map-panel").dataset);
  }

  function pointOf(item) {
    return [Number(item.dataset.latitude), Number(item.dataset.longitude)];
  }

  function asItem(item) {
    return {
      point: pointOf(item),
      number: item.dataset.rank,
      name: `${item.dataset.rank}: ${item.querySelector("h2").textContent.trim()}`,
      words: () => [`${item.dataset.rank}. `, item.querySelector("h2 a").cloneNode(true), ` · ${item.querySelector(".distance").textContent}`],
      pointOut: (on) => item.classList.toggle("pointed", on),
    };
  }

  document.addEventListener("click", ({ target }) => {
    if (target.closest(".map-link")) document.getElementById("map-panel").open = true;
  });
  window.addEventListener("load", start); // after the list, which is what most look at
  document.addEventListener("htmx:after:swap", start);
  window.matchMedia("(min-width: 78rem)").addEventListener("change", () => { if (document.getElementById("map-panel")) showMap(); });
})();
