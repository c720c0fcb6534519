/* Runs every file of the given folders through LLVMFuzzerTestOneInput(), for
 * compilers without libFuzzer. An empty or missing folder is a failure: a
 * replay of nothing would look like a success. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PATH_SIZE = 4096,
    INPUT_SIZE = 4 * 1024 * 1024
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each input gets a block of its exact size, so that ASan sees a read past
 * its end. */
static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return -1;
    }
    uint8_t *whole = malloc(INPUT_SIZE);
    size_t size = whole == NULL ? 0 : fread(whole, 1, INPUT_SIZE, file);
    fclose(file);
    uint8_t *exact = whole == NULL ? NULL : realloc(whole, size ? size : 1);
    if (exact == NULL) {
        free(whole);
        return -1;
    }
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 0;
}

static int replay_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        perror(folder);
        return -1;
    }
    int count = 0;
    int bad = 0;
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        char path[PATH_SIZE];
        if (e->d_name[0] == '.') {
            continue;
        }
        int len = snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (len < 0 || len >= (int)sizeof path || replay_file(path) != 0) {
            bad++;
        }
        count++;
    }
    closedir(dir);
    printf("%s: %d inputs\n", folder, count);
    return count > 0 && bad == 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
    int status = argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;

    for (int i = 1; i < argc; i++) {
        if (replay_folder(argv[i]) != 0) {
            status = EXIT_FAILURE;
        }
    }
    return status;
}
