// The small map of a provider's page: its addresses, which the list above it says in words.
// It is made when it comes near the view, on a phone once it is unfolded.
"use strict";
(() => {
  const METERS_AROUND = { zip: 1600, city: 4000 }; // where only the ZIP or the city is known
  const panel = document.getElementById("location-map");
  if (!panel) return;
  const box = panel.querySelector(".map");
  panel.hidden = false;
  const watch = new IntersectionObserver(async (seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watch.disconnect();
    try {
      await basemap.load(panel.dataset);
    } catch {
      panel.hidden = true; // the list says all that the map would
      return;
    }
    draw();
  }, { rootMargin: "200px" });
  watch.observe(box);

  function draw() {
    const items = [...document.querySelectorAll("#where li[data-latitude]")].map(asItem);
    const map = basemap.make(box, panel.dataset);
    const layer = L.layerGroup().addTo(map);
    map.fitBounds(L.latLngBounds(items.map((item) => item.point)), { animate: false, maxZoom: items.some((item) => item.around) ? 12 : 15, padding: [45, 45] });
    const drawMarkers = () => {
      layer.clearLayers();
      for (const { point, around } of items) {
        if (around) L.circle(point, { radius: around, className: "radius", interactive: false }).addTo(layer);
      }
      basemap.addMarkers(map, layer, items, panel.dataset);
    };
    drawMarkers();
    map.on("zoomend", drawMarkers);
  }

  function asItem(element, index, all) {
    const { latitude, longitude, precision, note } = element.dataset;
    const address = element.querySelector("address").innerText.trim().replaceAll(/\s*\n\s*/g, ", ").split(" · ")[0];
    return {
      point: [Number(latitude), Number(longitude)],
      number: all.length > 1 ? String(index + 1) : "●",
      name: address,
      words: () => [address, ...(note ? [document.createElement("br"), note] : [])],
      around: METERS_AROUND[precision],
    };
  }
})();
