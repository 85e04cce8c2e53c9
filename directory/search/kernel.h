/* What the search is given and what it gives. Python reads this file too, so it holds plain declarations alone. */

typedef struct {
    double x, y, z; /* a unit vector from the middle of the globe */
    float apart;    /* miles from the first location of the same provider, rounded up; 0 for the first itself */
    int32_t profile;
} Point;

typedef struct {
    float x, y, z; /* where the first location of the same provider is, within NEARLY miles */
    int32_t lower; /* how many locations of that provider come before this one */
} Further;

typedef struct {
    float qualification, rating, both; /* the greatest of several rows, and of the sum of both; rounded up */
} Bounds;

typedef struct {
    double qualification, rating; /* parts of the score; the rating is NaN without reviews */
    int64_t npi, location;
    int32_t next; /* the next row of the same provider, in a ring */
} Facts;

typedef struct {
    double x, y, z; /* the middle of its points */
    float reach;    /* miles from there to the farthest of them, rounded up */
    Bounds bounds;
    int32_t start, others, run; /* the first row, the first further location, the first run */
    int32_t further;            /* the first record of `further` */
} Cell;

typedef struct {
    Bounds bounds;
    int32_t profile, end; /* the row after its last; the first run of a cell begins with the cell */
} Run;

typedef struct {
    /* Rows lie in the order of cells, and cells in that of their keys. In each cell come first the providers' first
       locations, in runs of one profile, then further ones, those farthest from their provider's first before others. */
    const Point *points;
    const Facts *facts;
    const Further *further; /* of the further locations alone */
    const int32_t *keys; /* of the cells */
    const Cell *cells;   /* with one more at the end */
    const Run *runs;
    int64_t cell_count;
    const uint8_t *replaced; /* rows that no longer count, or NULL */
    const uint8_t *touched;  /* cells with such rows, or NULL */
} Layer;

typedef struct {
    const Layer *layer;
    int32_t first_profile; /* what its profiles' numbers are counted from among those of all parts */
    const int32_t *only;   /* rows, when no others may be found; else NULL */
    int64_t only_count;
} Part;

typedef struct {
    double x, y, z, radius_miles;
    int32_t bands, first_band, runs, columns[4]; /* a band is the key of its first cell; runs of columns, both ends in */
    int32_t cells_a_band;
    double proximity, qualification, rating; /* weights */
    double rating_without_reviews, halving_miles, earth_miles;
    int64_t offset, limit;
    int64_t profiles;
    const uint8_t *passes; /* by profile: whether the filters let it through */
    int32_t *counts;       /* by profile, zero at first: the providers in the circle */
} Query;

typedef struct {
    double score, miles, proximity, qualification, rating;
    int64_t npi, location;
    int32_t profile, part, row;
} Result;

int64_t find_page(const Part *parts, int32_t part_count, Query *query, Result *results);
int64_t find_rows(const Layer *layer, const Query *query, int32_t *rows);
