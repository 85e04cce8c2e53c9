/* The search itself: who lies within a circle, counted by profile, and the best of those that the filters let through.

   It is exact. Cells that lie in the circle whole are counted by their runs; rows are looked at one by one only along
   the rim, and in cells that could still hold one of the best. docs/search.md tells how, tests/search/plain.py is the
   same search without any of it. Nothing here outlives a call, so threads may call at once. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "kernel.h"

static const double SLACK = 1e-6;       /* miles, and shares of a score, by which bounds are kept safe from rounding */
static const double NEARLY = 0.01;       /* miles, ten times what a point loses as floats */
static const double CLOSE_TO_RIM = 1e-9; /* share of the squared chord within which miles decide who is inside */

typedef struct {
    double bound, proximity, nearest, farthest; /* the best score that a row could have, and miles to the rows */
    int32_t part, cell;
} Near;

typedef struct {
    const Query *query;
    double inside, outside; /* squared chords that lie in the circle surely, and surely not */
    double surely_inside, surely_outside; /* the same for points that are known within NEARLY miles */
    Near *near;
    int64_t near_count, near_room;
    Result *best; /* a heap with the last of the best on top */
    int64_t best_count, wanted;
} Search;

static double squared_chord(const Query *query, double x, double y, double z) {
    const double dx = x - query->x, dy = y - query->y, dz = z - query->z;
    return dx * dx + dy * dy + dz * dz;
}

static double miles_of(const Query *query, double squared) {
    return 2 * query->earth_miles * asin(fmin(sqrt(squared) / 2, 1.0));
}

static double chord_of(const Query *query, double miles) {
    return 2 * sin(fmin(miles / query->earth_miles, M_PI) / 2);
}

static double row_chord(const Query *query, const Layer *layer, int32_t row) {
    const Point *point = &layer->points[row];
    return squared_chord(query, point->x, point->y, point->z);
}

static int is_inside(const Search *search, const Layer *layer, int32_t row) {
    const double squared = row_chord(search->query, layer, row);
    if (squared < search->inside) return 1;
    return squared <= search->outside && miles_of(search->query, squared) <= search->query->radius_miles;
}

/* Whether a row is inside the circle, and no lower location of its provider is. */
static int is_lowest_inside(const Search *search, const Layer *layer, int32_t row) {
    if (!is_inside(search, layer, row)) return 0;
    for (int32_t other = layer->facts[row].next; other != row; other = layer->facts[other].next)
        if (layer->facts[other].location < layer->facts[row].location && is_inside(search, layer, other)) return 0;
    return 1;
}

static void count_first(const Search *search, const Part *part, int32_t row) {
    search->query->counts[part->first_profile + part->layer->points[row].profile]++;
}

/* Counts a further location of a provider inside the circle, unless one of its lower locations is inside too. */
static void count_further(const Search *search, const Part *part, int32_t row, const Further *further) {
    const double squared = squared_chord(search->query, further->x, further->y, further->z);
    if (squared < search->surely_inside) return;
    const int is_sure = further->lower == 1 && squared > search->surely_outside;
    if (is_sure || is_lowest_inside(search, part->layer, row)) count_first(search, part, row);
}

static void count_rows(const Search *search, const Part *part, int32_t row, int32_t others, int32_t end, int32_t further) {
    const uint8_t *replaced = part->layer->replaced;
    for (; row < others; row++)
        if (!(replaced && replaced[row]) && is_inside(search, part->layer, row)) count_first(search, part, row);
    for (; row < end; row++, further++)
        if (!(replaced && replaced[row]) && is_inside(search, part->layer, row))
            count_further(search, part, row, &part->layer->further[further]);
}

static void count_cell(const Search *search, const Part *part, const Near *near) {
    const Layer *layer = part->layer;
    const Cell *cell = &layer->cells[near->cell];
    const double depth = search->query->radius_miles - near->farthest;
    if (depth < 0 || (layer->touched && layer->touched[near->cell])) {
        count_rows(search, part, cell->start, cell->others, cell[1].start, cell->further);
        return;
    }
    int32_t *counts = search->query->counts + part->first_profile;
    int32_t row = cell->start;
    for (const Run *run = &layer->runs[cell->run]; run < &layer->runs[cell[1].run]; row = run++->end)
        counts[run->profile] += run->end - row;
    const Further *further = &layer->further[cell->further];
    for (; row < cell[1].start && layer->points[row].apart > depth; row++) count_further(search, part, row, further++);
}

static int is_better(const Result *one, const Result *other) {
    if (one->score != other->score) return one->score > other->score;
    if (one->miles != other->miles) return one->miles < other->miles;
    if (one->npi != other->npi) return one->npi < other->npi;
    return one->location < other->location;
}

static void sink_result(Result *heap, int64_t count, Result sunk) {
    int64_t at = 0;
    for (int64_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && is_better(&heap[child], &heap[child + 1])) child++;
        if (!is_better(&sunk, &heap[child])) break;
        heap[at] = heap[child];
    }
    heap[at] = sunk;
}

static void keep_result(Search *search, Result kept) {
    if (search->best_count == search->wanted) {
        sink_result(search->best, search->best_count, kept);
        return;
    }
    int64_t at = search->best_count++;
    for (int64_t parent; at && is_better(&search->best[parent = (at - 1) / 2], &kept); at = parent)
        search->best[at] = search->best[parent];
    search->best[at] = kept;
}

/* Whether one of this score, or of less, is no better than the best that were found. */
static int is_too_low(const Search *search, double bound) {
    return search->best_count == search->wanted && bound < search->best[0].score;
}

static double score_of(const Query *query, double proximity, double qualification, double rating) {
    return query->proximity * proximity + query->qualification * qualification + query->rating * rating;
}

/* No row in the bounds has a greater score: a line through the greatest sum and the greater part lies above all. */
static double bound_of(const Query *query, double proximity, const Bounds *bounds) {
    const double q = query->qualification, r = query->rating, least = fmin(q, r);
    const double known = least * bounds->both + (q - least) * bounds->qualification + (r - least) * bounds->rating;
    const double unknown = q * bounds->qualification + r * query->rating_without_reviews;
    return query->proximity * proximity + fmax(known, unknown) + SLACK;
}

static int is_nearest(const Query *query, const Layer *layer, const Result *result) {
    for (int32_t other = layer->facts[result->row].next; other != result->row; other = layer->facts[other].next) {
        const double miles = miles_of(query, row_chord(query, layer, other));
        if (miles < result->miles || (miles == result->miles && layer->facts[other].location < result->location)) return 0;
    }
    return 1;
}

static void consider_row(Search *search, const Part *parts, int32_t part, int32_t row, double proximity) {
    const Query *query = search->query;
    const Layer *layer = parts[part].layer;
    const double known = layer->facts[row].rating, rating = isnan(known) ? query->rating_without_reviews : known;
    if (is_too_low(search, score_of(query, proximity, layer->facts[row].qualification, rating) + SLACK)) return;
    if (layer->replaced && layer->replaced[row]) return;
    Result result = {.npi = layer->facts[row].npi, .location = layer->facts[row].location, .part = part, .row = row};
    result.profile = parts[part].first_profile + layer->points[row].profile;
    result.qualification = layer->facts[row].qualification;
    result.rating = rating;
    result.miles = miles_of(query, row_chord(query, layer, row));
    if (result.miles > query->radius_miles) return;
    result.proximity = pow(0.5, result.miles / query->halving_miles);
    result.score = score_of(query, result.proximity, layer->facts[row].qualification, rating);
    if (search->best_count == search->wanted && !is_better(&result, &search->best[0])) return;
    if (is_nearest(query, layer, &result)) keep_result(search, result);
}

static void consider_cell(Search *search, const Part *parts, const Near *near) {
    const Query *query = search->query;
    const Layer *layer = parts[near->part].layer;
    const uint8_t *passes = query->passes + parts[near->part].first_profile;
    const Cell *cell = &layer->cells[near->cell];
    int32_t row = cell->start;
    for (const Run *run = &layer->runs[cell->run]; run < &layer->runs[cell[1].run]; row = run++->end) {
        if (!passes[run->profile]) continue;
        if (is_too_low(search, bound_of(query, near->proximity, &run->bounds))) continue;
        for (; row < run->end; row++) consider_row(search, parts, near->part, row, near->proximity);
    }
    for (; row < cell[1].start; row++)
        if (passes[layer->points[row].profile]) consider_row(search, parts, near->part, row, near->proximity);
}

static int64_t first_cell_from(const Layer *layer, int64_t from, int32_t key) {
    int64_t low = from, high = layer->cell_count;
    while (low < high) {
        const int64_t middle = (low + high) / 2;
        if (layer->keys[middle] < key) low = middle + 1;
        else high = middle;
    }
    return low;
}

static int note_cell(Search *search, const Layer *layer, int32_t part, int32_t cell) {
    const Query *query = search->query;
    const Cell *noted = &layer->cells[cell];
    const double miles = miles_of(query, squared_chord(query, noted->x, noted->y, noted->z));
    const double reach = noted->reach + SLACK;
    if (miles - reach > query->radius_miles) return 0;
    if (search->near_count == search->near_room) {
        search->near_room = search->near_room ? 2 * search->near_room : 1024;
        Near *larger = realloc(search->near, search->near_room * sizeof(Near));
        if (!larger) return -1;
        search->near = larger;
    }
    Near *near = &search->near[search->near_count++];
    *near = (Near){.nearest = fmax(miles - reach, 0), .farthest = miles + reach, .part = part, .cell = cell};
    __builtin_prefetch(&layer->runs[noted->run]);
    __builtin_prefetch(&layer->points[noted->start]);
    return 0;
}

static int note_cells(Search *search, const Layer *layer, int32_t part) {
    const Query *query = search->query;
    int64_t cell = 0;
    for (int32_t band = 0; band < query->bands; band++)
        for (int32_t run = 0; run < query->runs; run++) {
            const int32_t key = query->first_band + band * query->cells_a_band;
            cell = first_cell_from(layer, cell, key + query->columns[2 * run]);
            for (; cell < layer->cell_count && layer->keys[cell] <= key + query->columns[2 * run + 1]; cell++)
                if (note_cell(search, layer, part, (int32_t)cell)) return -1;
        }
    return 0;
}

static void sink_near(Near *heap, int64_t count, int64_t at) {
    const Near sunk = heap[at];
    for (int64_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1].bound > heap[child].bound) child++;
        if (heap[child].bound <= sunk.bound) break;
        heap[at] = heap[child];
    }
    heap[at] = sunk;
}

/* Looks at the cells in the order of the best score that they could hold, until none could hold one that is wanted. */
static void find_best(Search *search, const Part *parts) {
    const Query *query = search->query;
    for (int64_t index = 0; index < search->near_count; index++) {
        Near *near = &search->near[index];
        near->proximity = exp2(-near->nearest / query->halving_miles);
        near->bound = bound_of(query, near->proximity, &parts[near->part].layer->cells[near->cell].bounds);
    }
    for (int64_t index = search->near_count / 2 - 1; index >= 0; index--) sink_near(search->near, search->near_count, index);
    for (int64_t left = search->near_count; left && !is_too_low(search, search->near[0].bound); left--) {
        consider_cell(search, parts, &search->near[0]);
        search->near[0] = search->near[left - 1];
        sink_near(search->near, left - 1, 0);
    }
}

static void count_only(const Search *search, const Part *part) {
    const Layer *layer = part->layer;
    for (const int32_t *row = part->only; row < part->only + part->only_count; row++)
        if (!(layer->replaced && layer->replaced[*row]) && is_lowest_inside(search, layer, *row)) count_first(search, part, *row);
}

static void consider_only(Search *search, const Part *parts, int32_t part) {
    const uint8_t *passes = search->query->passes + parts[part].first_profile;
    for (const int32_t *row = parts[part].only; row < parts[part].only + parts[part].only_count; row++)
        if (passes[parts[part].layer->points[*row].profile]) consider_row(search, parts, part, *row, 1.0);
}

static Search begin(const Query *query) {
    const double chord = chord_of(query, query->radius_miles);
    Search search = {.query = query};
    search.inside = chord * chord * (1 - CLOSE_TO_RIM);
    search.outside = chord * chord * (1 + CLOSE_TO_RIM);
    search.surely_inside = pow(chord_of(query, fmax(query->radius_miles - NEARLY, 0)), 2);
    search.surely_outside = pow(chord_of(query, query->radius_miles + NEARLY), 2);
    return search;
}

/* Counts whom the circle holds, and writes the results from the offset on, best first, to `results`, which has room for
   `limit`. Gives how many the filters let through, and moves an offset beyond the last to that of the last page.
   -1 when there is no memory. */
int64_t find_page(const Part *parts, int32_t part_count, Query *query, Result *results) {
    Search search = begin(query);
    int64_t total = 0;
    for (int32_t part = 0; part < part_count; part++) {
        if (parts[part].only) count_only(&search, &parts[part]);
        else if (note_cells(&search, parts[part].layer, part)) goto no_memory;
    }
    for (int64_t index = 0; index < search.near_count; index++)
        count_cell(&search, &parts[search.near[index].part], &search.near[index]);
    for (int64_t profile = 0; profile < query->profiles; profile++)
        if (query->passes[profile]) total += query->counts[profile];
    if (!total || !query->limit) {
        query->offset = 0;
    } else {
        const int64_t last_page = (total - 1) / query->limit * query->limit;
        if (query->offset > last_page) query->offset = last_page;
        search.wanted = query->offset + query->limit < total ? query->offset + query->limit : total;
        search.best = malloc(search.wanted * sizeof(Result));
        if (!search.best) goto no_memory;
        for (int32_t part = 0; part < part_count; part++)
            if (parts[part].only) consider_only(&search, parts, part);
        find_best(&search, parts);
        while (search.best_count > query->offset) {
            const Result last = search.best[0];
            search.best_count--;
            sink_result(search.best, search.best_count, search.best[search.best_count]);
            results[search.best_count - query->offset] = last;
        }
    }
    free(search.near);
    free(search.best);
    return total;
no_memory:
    free(search.near);
    free(search.best);
    return -1;
}

/* Writes the rows within the circle to `rows`, which has room for all of the layer, and gives how many; -1 without memory. */
int64_t find_rows(const Layer *layer, const Query *query, int32_t *rows) {
    Search search = begin(query);
    int64_t count = 0;
    if (note_cells(&search, layer, 0)) count = -1;
    for (int64_t index = 0; count >= 0 && index < search.near_count; index++)
        for (int32_t row = layer->cells[search.near[index].cell].start; row < layer->cells[search.near[index].cell + 1].start; row++)
            if (!(layer->replaced && layer->replaced[row]) && is_inside(&search, layer, row)) rows[count++] = row;
    free(search.near);
    return count;
}
