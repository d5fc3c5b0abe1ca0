# Read by the scripts beside it.

# Ports of 127.0.0.1 that nobody listens at now, one a line.
free_ports() {
    node -e '
        const servers = Array.from({ length: +process.argv[1] }, () => require("net").createServer().listen(0, "127.0.0.1"));
        Promise.all(servers.map(server => new Promise(listening => server.once("listening", listening)))).then(() => {
            for (const server of servers) console.log(server.address().port);
            servers.forEach(server => server.close());
        })' "$1"
}

# When the process with this id began, or nothing if there is none: together they name a process for good, for ids are used again.
began() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    # The name of the program stands in parentheses and may hold blanks; a process that has ended but was not yet buried counts as ended.
    set -- ${stat##*) }
    [ "$1" = Z ] || echo "${20}"
}

# The program of a server that must not be root is run as this user when we are root.
as() {
    if [ "$(id -u)" -eq 0 ]; then echo "setpriv --reuid=$1 --regid=$1 --clear-groups"; fi
}

# A password nobody can guess.
secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

fail() {
    echo "$1" >&2
    exit 1
}
