# Two stages: the packages are installed where pip is, and run where it is not needed.
# The base image is named by version, not by digest: see docs/run.md, "Pin the images".
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock /build/requirements.lock
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install --no-cache-dir \
        --require-hashes --requirement /build/requirements.lock

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 portal \
    && useradd --uid 10001 --gid portal --no-create-home --home-dir /home/portal \
        --shell /usr/sbin/nologin portal \
    && install --directory --owner portal --group portal /data /backups /home/portal
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/home/portal \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    BACKUP_DIR=/backups \
    WEB_BIND=0.0.0.0:8000
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY . /app
RUN python -m compileall -q /opt/venv/lib /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s \
    CMD ["python", "-m", "qiportal.entry", "health"]
CMD ["python", "-m", "qiportal.entry", "web"]
