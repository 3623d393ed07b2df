# syntax=docker/dockerfile:1
# Plenary in a container: slim Debian, a normal user, an init process. With PLENARY_DATABASE_URL it uses that
# PostgreSQL (compose.yaml does), without it the embedded one, whose data is in the volume.
FROM python:3.13-slim-trixie AS build
WORKDIR /srv/plenary
COPY requirements.lock ./
# The lock names test tools, too; leaving them in keeps one lock, one hash, one way to install.
RUN python3 -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
        -r requirements.lock \
    && printf '%s %s\n' "$(sha256sum requirements.lock | cut -d' ' -f1)" \
        "$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')" > .venv/plenary.stamp

FROM python:3.13-slim-trixie
# Noto sets PDFs in every script that people write in.
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /srv/plenary --shell /usr/sbin/nologin plenary \
    && install -d -o plenary -g plenary -m 0700 /data
WORKDIR /srv/plenary
COPY --from=build /srv/plenary/.venv .venv
COPY . .
ENV PLENARY_DATA=/data \
    PLENARY_HOST=0.0.0.0 \
    PLENARY_PORT=8000 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER plenary
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python3", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/ready' % os.environ['PLENARY_PORT'], timeout=4)"]
ENTRYPOINT ["tini", "--", "python3", "-m", "app"]
CMD ["serve"]
